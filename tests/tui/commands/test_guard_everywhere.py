"""The guard of all repositories is told of by doctor and goes with uninstall."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


def dockhygiene(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "tui.main", *arguments], env=environ, capture_output=True, text=True, timeout=60
    )


def hooks_path(home: Path) -> str:
    environ = {"HOME": str(home), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", "config", "--global", "core.hooksPath"], env=environ, capture_output=True, text=True
    ).stdout.strip()


def test_uninstall_takes_it_out_of_git_s_settings_and_away(home: Path) -> None:
    assert dockhygiene(home, "guard", "install", "--global", "--yes").returncode == 0
    folder = Path(hooks_path(home))
    assert (folder / "pre-commit").exists()
    done = dockhygiene(home, "uninstall", "--yes")
    assert done.returncode == 0, done.stderr
    assert str(folder / "pre-push") in done.stdout
    assert hooks_path(home) == ""
    assert not folder.exists()


def test_uninstall_leaves_all_where_a_hook_was_changed_since(home: Path) -> None:
    dockhygiene(home, "guard", "install", "--global", "--yes")
    hook = Path(hooks_path(home)) / "pre-commit"
    hook.write_text(hook.read_text() + "echo mine\n")
    done = dockhygiene(home, "uninstall", "--yes")
    assert done.returncode == 3
    assert "pre-commit" in done.stderr
    assert hook.exists() and hooks_path(home)


def test_doctor_tells_whether_it_works(home: Path) -> None:
    assert "Guard of all" not in dockhygiene(home, "doctor").stdout
    dockhygiene(home, "guard", "install", "--global", "--yes")
    assert "Guard of all repositories\n  pre-commit" in dockhygiene(home, "doctor").stdout
    (Path(hooks_path(home)) / "pre-commit").chmod(0o600)
    told = dockhygiene(home, "doctor")
    assert told.returncode == 1
    assert "execut" in told.stdout or "run bit" in told.stdout
