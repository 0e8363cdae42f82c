"""What the places say of who may have seen a secret."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity
from guides.case.exposure import exposures_of, recommended
from guides.case.model import Order
from tests.services.require import require


def finding(
    path: str | Path, kind: PlaceKind = PlaceKind.FILE, check: str = "environment-files", rule: str = "r"
) -> Finding:
    return Finding(check, rule, "a secret", Severity.HIGH, Confidence.CERTAIN, Place(str(path), kind, 1))


def private(path: Path) -> Path:
    path.write_text("x")
    path.chmod(0o600)
    return path


def git(folder: Path, *arguments: str) -> None:
    program = require("git", "git")
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run([program, "-C", str(folder), *arguments], env=environment, check=True, capture_output=True)


def repository(folder: Path, remote: str = "https://github.com/acme/shop.git") -> Path:
    git(folder, "init", "--quiet")
    if remote:
        git(folder, "remote", "add", "origin", remote)
    return private(folder / ".env")


def test_a_private_file_on_this_machine_only(tmp_path: Path) -> None:
    found = exposures_of([finding(private(tmp_path / ".env"))])
    assert [(one.id, one.reason, one.left) for one in found] == [("file", "L1", False)]
    assert recommended(found) is Order.GENERATE_FIRST


@pytest.mark.parametrize(
    ("remote", "host"),
    [("https://github.com/acme/shop.git", "github.com"), ("git@gitlab.com:acme/shop.git", "gitlab.com"),
     ("ssh://git@git.acme.example:2222/shop", "git.acme.example:2222")],
)  # fmt: skip
def test_a_tracked_file_of_a_repository_with_a_remote(tmp_path: Path, remote: str, host: str) -> None:
    path = repository(tmp_path, remote)
    git(tmp_path, "add", ".env")
    found = exposures_of([finding(path)])
    assert [one.id for one in found] == ["pushed", "file"]
    assert host in found[0].says
    assert recommended(found) is Order.REVOKE_FIRST


def test_what_is_not_tracked_was_not_pushed(tmp_path: Path) -> None:
    path = repository(tmp_path)
    assert [one.id for one in exposures_of([finding(path)])] == ["file"]


def test_without_a_remote_nothing_left(tmp_path: Path) -> None:
    path = repository(tmp_path, remote="")
    git(tmp_path, "add", ".env")
    assert recommended(exposures_of([finding(path)])) is Order.GENERATE_FIRST


def test_a_remote_on_this_machine_is_none(tmp_path: Path) -> None:
    path = repository(tmp_path, remote="/srv/git/shop.git")
    git(tmp_path, "add", ".env")
    assert [one.id for one in exposures_of([finding(path)])] == ["file"]


@pytest.mark.parametrize("damage", [b"", b"DIRC", b"DIRC\0\0\0\4\0\0\0\1", b"nothing of git's"])
def test_an_index_that_cannot_be_read_counts_as_tracking(tmp_path: Path, damage: bytes) -> None:
    path = repository(tmp_path)
    (tmp_path / ".git/index").write_bytes(damage)
    assert "pushed" in [one.id for one in exposures_of([finding(path)])]


def test_a_remote_with_a_login_shows_its_host_alone(tmp_path: Path) -> None:
    path = repository(tmp_path, "https://bob:not-to-be-shown@github.com/acme/shop.git")
    git(tmp_path, "add", ".env")
    (pushed, _) = exposures_of([finding(path)])
    assert "not-to-be-shown" not in pushed.says
    assert "github.com" in pushed.says


def test_a_file_that_others_read(tmp_path: Path) -> None:
    path = private(tmp_path / ".env")
    path.chmod(0o644)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o001 == 0:
            folder.chmod(0o755)
    found = exposures_of([finding(path)])
    assert [(one.id, one.reason) for one in found] == [("readable", "L2"), ("file", "L1")]
    assert recommended(found) is Order.REVOKE_FIRST
    tmp_path.chmod(0o700)
    assert [one.id for one in exposures_of([finding(path)])] == ["file"]


@pytest.mark.parametrize(
    ("kind", "expected", "reason", "left"),
    [
        (PlaceKind.IMAGE, "image", "L5", True),
        (PlaceKind.CONTAINER, "container", "L5", False),
        (PlaceKind.ENVIRONMENT, "environment", "L4", False),
        (PlaceKind.GIT, "git", "L1", True),
    ],
)
def test_other_places(kind: PlaceKind, expected: str, reason: str, left: bool) -> None:
    (found,) = exposures_of([finding("/x", kind)])
    assert (found.id, found.reason, found.left) == (expected, reason, left)


@pytest.mark.parametrize(
    ("image", "check", "expected", "left"),
    [
        ("ghcr.io/acme/shop:1, shop:1", "docker-images", "pushed to ghcr.io", True),
        ("acme/shop:1", "docker-images", "pushed to docker.io", True),
        ("shop:1", "docker-images", "leads to no registry", False),
        ("shop:1", "image-archives", "handed on", True),
    ],
)
def test_an_image_counts_as_exposed_where_it_may_have_been_pushed(
    image: str, check: str, expected: str, left: bool
) -> None:
    one = finding("/app/.env", PlaceKind.IMAGE, check=check)
    (found,) = exposures_of([replace(one, place=replace(one.place, image=image))])
    assert expected in found.says and found.left is left


def test_history_synced_folders_builds_and_plain_http(tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox" / "shop"
    folder.mkdir(parents=True)
    path = private(folder / "Dockerfile")
    ids = [one.id for one in exposures_of([finding(path, check="container-builds")])]
    assert ids == ["synced", "build", "file"]
    history = finding(private(tmp_path / ".bash_history"), check="shell-history")
    assert [one.id for one in exposures_of([history])] == ["history"]
    plain = replace(finding(private(tmp_path / "x")), rule="plain-http-registry")
    assert recommended(exposures_of([plain])) is Order.REVOKE_FIRST


def test_each_exposure_once(tmp_path: Path) -> None:
    one = finding(private(tmp_path / ".env"))
    assert len(exposures_of([one, replace(one, rule="another")])) == 1
