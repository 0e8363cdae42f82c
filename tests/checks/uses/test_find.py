"""Trees: which files are read, by whose remote they are told, what is said to be left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.finding import Skipped
from checks.model.use import Use
from checks.model.workstation import Limits
from checks.uses.find import find_uses
from tests.checks.conftest import MakeWorkstation, random_password, write

WORKFLOW = (
    "jobs: {a: {steps: [{uses: docker/login-action@v3, with: {username: bob, password: '${{ secrets.HUB }}'}}]}}\n"
)
LOGIN = "docker login -u bob -p $PW quay.io\n"


def repository(folder: Path, remote: str) -> Path:
    write(folder / ".git/config", f'[remote "origin"]\n\turl = {remote}\n')
    write(folder / ".git/HEAD", "ref: refs/heads/main\n")
    return folder


def split(found: Iterator[Use | Skipped]) -> tuple[list[Use], list[Skipped]]:
    got = list(found)
    return [one for one in got if isinstance(one, Use)], [one for one in got if isinstance(one, Skipped)]


def test_work_trees_and_known_places(workstation: MakeWorkstation) -> None:
    machine = workstation()
    shop = repository(machine.home / "src/shop", "git@github.com:acme/shop.git")
    write(shop / ".github/workflows/a.yml", WORKFLOW)
    write(shop / "node_modules/x/deploy.sh", LOGIN)
    nested = repository(shop / "vendored", "git@github.com:other/thing.git")
    write(nested / ".github/workflows/b.yml", WORKFLOW)
    write(machine.home / "loose/deploy.sh", LOGIN)
    write(machine.home / ".bashrc", LOGIN)
    write(machine.home / ".profile", "export A=b\n")
    write(machine.home / ".m2/settings.xml", "<settings><servers><server><id>ghcr.io</id><password>x{y</password></server></servers></settings>")  # fmt: skip  # noqa: E501
    write(machine.root / "etc/rancher/k3s/registries.yaml", f"configs: {{quay.io: {{auth: {{username: a, password: {random_password()}}}}}}}\n")  # fmt: skip  # noqa: E501
    uses, skipped = split(find_uses(machine))
    assert [(use.kind, Path(use.path).name) for use in uses] == [
        ("maven", "settings.xml"),
        ("shell-script", ".bashrc"),
        ("k3s", "registries.yaml"),
        ("github-actions", "a.yml"),
        ("github-actions", "b.yml"),
    ]
    assert "acme/shop" in uses[3].update
    assert "other/thing" in uses[4].update
    assert [(Path(one.path).name, one.reason) for one in skipped] == [
        ("node_modules", "packages of npm; --full reads them")
    ]
    again, _ = split(find_uses(machine))
    assert again == uses
    full, left = split(find_uses(machine, full=True))
    assert len(full) == len(uses) + 1
    assert not left


def test_named_paths(workstation: MakeWorkstation, tmp_path: Path) -> None:
    machine = workstation()
    shop = repository(tmp_path / "shop", "https://github.com/acme/shop")
    workflow = write(shop / ".github/workflows/a.yml", WORKFLOW)
    write(shop / "deep/down/deploy.sh", LOGIN)
    for path in (workflow, workflow.parent, shop / ".github", shop):
        uses, _ = split(find_uses(machine, [path]))
        assert uses[0].name == "HUB", path
        assert "acme/shop" in uses[0].update, path
    uses, _ = split(find_uses(machine, [shop]))
    assert [Path(use.path).name for use in uses] == ["a.yml", "deploy.sh"]


def test_hostile_trees(workstation: MakeWorkstation, tmp_path: Path) -> None:
    machine = workstation(limits=Limits(config_bytes=100_000))
    tree = tmp_path / "tree"
    write(tree / "large.sh", LOGIN * 10_000)
    write(tree / "binary.sh", bytes(range(256)) * 100)
    (tree / "loop.sh").symlink_to("loop.sh")
    (tree / "device.sh").symlink_to("/dev/zero")
    (tree / "up").symlink_to("..")
    os.mkfifo(tree / "fifo.sh")
    os.mkfifo(tree / ".git")
    write(
        tree / "z\u202e\x1b[31m\udc80.sh".encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"), LOGIN
    )
    uses, skipped = split(find_uses(machine, [tree]))
    assert [use.username for use in uses] == ["bob"]
    reasons = {Path(one.path).name: one.reason for one in skipped}
    assert set(reasons) == {"large.sh", "loop.sh", "device.sh", "fifo.sh"}
    assert reasons["large.sh"].startswith("too large")


def test_the_budget_is_kept_and_said(workstation: MakeWorkstation) -> None:
    machine = workstation()
    write(repository(machine.home / "shop", "x") / "deploy.sh", LOGIN)
    uses, skipped = split(find_uses(machine, budget=-1.0))
    assert not uses
    assert any("time" in one.reason for one in skipped)
    assert len(split(find_uses(machine, budget=None))[0]) == 1


def test_cancelled(workstation: MakeWorkstation, tmp_path: Path) -> None:
    machine = workstation()
    write(tmp_path / "tree/deploy.sh", LOGIN)
    machine.cancelled.set()
    assert not list(find_uses(machine, [tmp_path / "tree"]))


@pytest.mark.parametrize("name", ["notes.txt", "program.py", "image.png"])
def test_other_files_are_not_even_opened(workstation: MakeWorkstation, tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert not list(find_uses(workstation(), [tmp_path / name]))
