"""Files that are left to a person, each with its reason and what to do."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

import pytest

from checks import docker_leftovers, environment_files, source_text
from checks.model.secret import Secret
from guides.edits.atomic import Target
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.refusals import refusal
from guides.edits.value_edit import plan_edit
from tests.checks.conftest import encoded, random_password, random_token, unprivileged
from tests.guides.edits.scene import Scene


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("terraform.tfstate", "Terraform"),
        ("a/package-lock.json", "package manager"),
        (".git/COMMIT_EDITMSG", "git"),
        (".git/hooks/pre-push", "git"),
        (".config/fish/fish_variables", "fish"),
        (".config/rclone/rclone.conf", "form of its own"),
    ],
)
def test_by_name(scene: Scene, name: str, word: str) -> None:
    path = scene.write(name, "x")
    refused = refusal(scene.workstation, source_text, path, Target.of(path))
    assert refused
    assert word in refused.reason
    assert refused.how


def test_what_lies_in_an_image(scene: Scene) -> None:
    root = scene.workstation.root
    inside, volume = (root / f"var/lib/docker/{name}/x/.env" for name in ("overlay2", "volumes"))
    for path, refused in ((inside, True), (volume, False)):
        path.parent.mkdir(parents=True)
        path.write_text("A=1\n")
        assert bool(refusal(scene.workstation, environment_files, path, Target.of(path))) is refused


def test_the_settings_of_a_repository_are_a_persons_own(scene: Scene) -> None:
    path = scene.write(".git/config", "[core]\n")
    assert refusal(scene.workstation, source_text, path, Target.of(path)) is None


def test_a_copy_is_deleted_not_changed(scene: Scene) -> None:
    old = random_password()
    path = scene.write(".docker/config.json.bak", json.dumps({"auths": {"a.io": {"auth": encoded("a", old)}}}))
    left = plan_edit(scene.workstation, docker_leftovers, path, Secret(old), Secret("x" * 9), Way.VALUE)
    assert isinstance(left, ToDo)
    assert "rm ~/.docker/config.json.bak" in left.how


def test_binary(scene: Scene) -> None:
    old = random_token("ghp_", 36)
    path = scene.write("x/.env", secrets.token_bytes(400) + old.encode() + bytes(400))
    left = plan_edit(scene.workstation, environment_files, path, Secret(old), Secret("x" * 9), Way.VALUE)
    assert isinstance(left, ToDo)


@pytest.mark.parametrize("how", ["write-protected", "read-only folder"])
def test_what_is_not_ours_to_write(scene: Scene, how: str) -> None:
    old = random_password()
    path = scene.write("x/.env", f"DB_PASSWORD={old}\n", 0o644)
    changed = path if how == "write-protected" else path.parent
    changed.chmod(0o444 if how == "write-protected" else 0o555)
    if how == "read-only folder" and os.geteuid() == 0:
        scene.top.chmod(0o755)
        for folder in (*scene.top.parents, scene.top, scene.top / "home"):
            if not os.access(folder, os.X_OK) or folder.stat().st_mode & 0o005 != 0o005:
                pytest.skip("another user cannot come here")
        with unprivileged():
            assert Target.of(path).refusal()
        return
    left = plan_edit(scene.workstation, environment_files, path, Secret(old), Secret("x" * 9), Way.VALUE)
    path.parent.chmod(0o755)
    assert isinstance(left, ToDo)
    assert left.path == str(path)


def test_hard_links_are_told(scene: Scene) -> None:
    old = random_password()
    path = scene.write("x/.env", f"DB_PASSWORD={old}\n")
    os.link(path, path.with_name("other"))
    edit = scene.edit(path, old, random_password())
    assert isinstance(edit, ValueEdit)
    assert any("hard links" in note for note in edit.notes)


def test_a_file_that_is_not_there(scene: Scene) -> None:
    left = plan_edit(
        scene.workstation, environment_files, Path("/nonexistent/.env"), Secret("abcd"), Secret("x" * 9), Way.VALUE
    )
    assert isinstance(left, ToDo)
