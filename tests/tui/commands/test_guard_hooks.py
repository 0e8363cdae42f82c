"""`dockhygiene guard install|uninstall|status` as a person runs it, with the guard itself behind the hooks."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pexpect
import pytest

from tests.checks.conftest import random_token
from tests.end_to_end.command import PROGRAM, dockhygiene, said
from tests.guides.guards.scene import Scene, tree


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def guard(scene: Scene, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = scene.environment
    path = environment.pop("PATH")
    return dockhygiene(scene.home, "guard", *arguments, path=path, env=environment, cwd=cwd or scene.repository)


@pytest.mark.parametrize("where", [[], ["--global"]], ids=["here", "global"])
def test_a_secret_is_stopped_and_the_rest_passes(scene: Scene, where: list[str]) -> None:
    done = guard(scene, "install", "--yes", *where)
    assert done.returncode == 0 and "The guard stands" in done.stdout, said(done)
    assert guard(scene, "status").returncode == 0
    scene.commit()
    scene.git("push", "-q", "origin", "main")
    secret = random_token("dckr_pat_", 27)
    (scene.repository / "login.sh").write_text(f"docker login -u alice -p {secret}\n")
    scene.git("add", ".")
    stopped = scene.git("commit", "-m", "m", code=1)
    assert "login.sh" in stopped.stdout + stopped.stderr and secret not in stopped.stdout + stopped.stderr
    scene.git("commit", "-qm", "m", "--no-verify")
    scene.git("push", "-q", "origin", "main", code=1)
    scene.git("reset", "-q", "--hard", "HEAD~1")
    done = guard(scene, "uninstall", "--yes", *where)
    assert done.returncode == 0 and "The guard is out" in done.stdout, said(done)
    assert guard(scene, "status").returncode == 1


@pytest.mark.parametrize("where", [[], ["--global"]], ids=["here", "global"])
def test_a_dry_run_shows_and_changes_nothing(scene: Scene, where: list[str]) -> None:
    scene.hook("pre-commit", "#!/bin/sh\n")
    before = tree(scene.top)
    done = guard(scene, "install", "--dry-run", *where)
    assert done.returncode == 1, said(done)
    assert "+#!/bin/sh" in done.stdout and "guard run --pre-push" in done.stdout and PROGRAM in done.stdout
    assert "Nothing was changed (--dry-run)" in done.stdout
    if where:
        assert "hooksPath" in done.stdout and "more hooks there, which only pass on" in done.stdout
    else:
        assert "pre-commit.dockhygiene-prev, and runs first" in done.stdout
    assert tree(scene.top) == before
    assert guard(scene, "install", "--yes", *where).returncode == 0
    held = tree(scene.top)
    done = guard(scene, "uninstall", "--dry-run", *where)
    assert done.returncode == 1 and "-#!/bin/sh" in done.stdout, said(done)
    assert tree(scene.top) == held
    assert guard(scene, "install", "--dry-run", *where).returncode == 0


def test_without_a_terminal_nothing_is_agreed_to(scene: Scene) -> None:
    before = tree(scene.top)
    done = guard(scene, "install")
    assert done.returncode == 1 and "--yes" in done.stderr
    assert tree(scene.top) == before


@pytest.mark.parametrize(
    ("typed", "stands"), [("", False), ("y", False), ("install", True)], ids=["return", "y", "word"]
)
def test_only_the_word_agrees(scene: Scene, typed: str, stands: bool) -> None:
    child = pexpect.spawn(PROGRAM, ["guard", "install"], env=scene.environment, cwd=str(scene.repository), timeout=60,
                          encoding="utf-8")  # fmt: skip
    child.expect("Type install to go on")
    child.sendline(typed)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == (0 if stands else 1)
    assert (scene.repository / ".git/hooks/pre-commit").exists() == stands


def test_what_reaches_everybody_is_said_with_yes_too(scene: Scene) -> None:
    scene.git("config", "core.hooksPath", ".githooks")
    done = guard(scene, "install", "--yes")
    assert done.returncode == 0 and "reaches everybody" in done.stdout, said(done)


def test_status_says_what_is_wrong_and_what_to_do(scene: Scene) -> None:
    done = guard(scene, "status")
    assert done.returncode == 1 and done.stdout.count("dockhygiene guard install") == 2, said(done)
    guard(scene, "install", "--yes")
    (scene.repository / ".git/hooks/pre-push").chmod(0o644)
    done = guard(scene, "status")
    assert done.returncode == 1 and "not executable" in done.stdout and "chmod +x" in done.stdout
    assert guard(scene, "install", "--yes").returncode == 0
    assert guard(scene, "status").returncode == 0
    scene.git("config", "core.hooksPath", "elsewhere")
    done = guard(scene, "status")
    assert done.returncode == 1 and "does not run: .git/config sets core.hooksPath" in done.stdout, said(done)


def test_another_repository(scene: Scene) -> None:
    done = guard(scene, "install", "--yes", "--repository", str(scene.repository), cwd=scene.home)
    assert done.returncode == 0 and (scene.repository / ".git/hooks/pre-push").exists(), said(done)
    assert guard(scene, "status", "--repository", "../wörk tree", cwd=scene.home).returncode == 0
    for folder in (str(scene.home), "nowhere"):
        done = guard(scene, "status", "--repository", folder, cwd=scene.home)
        assert done.returncode == 3 and done.stderr, said(done)


def test_odd_names_reach_no_terminal_raw(scene: Scene) -> None:
    odd = scene.top / "a\x1b[31mb"
    scene.git("init", "-q", str(odd))
    for action in (["install", "--dry-run"], ["status"], ["install", "--yes"]):
        done = guard(scene, *action, cwd=odd)
        assert "\x1b" not in done.stdout + done.stderr, said(done)


def test_nothing_is_left_in_the_state_folder(scene: Scene) -> None:
    guard(scene, "status")
    guard(scene, "install", "--yes")
    assert not any(scene.home.iterdir())
