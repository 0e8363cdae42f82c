"""A version of a file is read as if it stood there, and never lies on the disk for that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checks import environment_files, shell_history, source_text
from checks.files.state import StateFolder
from checks.model.finding import Finding
from checks.model.secret import Secret
from guides.edits.readings import readings, sweep
from tests.checks.conftest import random_password, random_token
from tests.guides.edits.scene import Scene


def test_the_check_reads_what_would_stand_there(scene: Scene) -> None:
    old, new = random_password(), random_password()
    path = scene.write("x/.env", f"DB_PASSWORD={old}\n")
    with readings(scene.workstation, environment_files, path) as reads:
        longer = reads.of(f"DB_PASSWORD={new}\nSMTP_PASSWORD={old}\n".encode())
        assert [one.secret for one in longer.own] == [Secret(new), Secret(old)]
        assert [one.secret for one in reads.of(path.read_bytes()).own] == [Secret(old)]
        assert reads.of(b"").findings == ()
    scene.nothing_is_left_over()


def test_names_and_folders_are_judged_as_in_place(scene: Scene) -> None:
    """A token in a folder of installed packages is judged by that folder, not by ours."""
    token = random_token("ghp_", 36)
    for name in ("src/a.py", "node_modules/x/a.js", "tests/a.py", "x/.env.example"):
        path = scene.write(name, f'API_TOKEN = "{token}"\nDB_PASSWORD="{random_password()}"\n')
        check = environment_files if environment_files.claims(path) else source_text
        direct = [one for one in check.read(scene.workstation, path) if isinstance(one, Finding)]
        with readings(scene.workstation, check, path) as reads:
            again = reads.of(path.read_bytes()).own
        assert [(one.rule, one.confidence, one.severity) for one in again] == [
            (one.rule, one.confidence, one.severity) for one in direct
        ]


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="the system keeps no files in memory")
def test_nothing_of_it_is_on_the_disk(scene: Scene) -> None:
    old = random_password()
    path = scene.write("x/.env", "A=1\n")
    with readings(scene.workstation, environment_files, path) as reads:
        reads.of(f"DB_PASSWORD={old}\n".encode())
        files = [one for one in scene.top.rglob("*") if one.is_file() and not one.is_symlink()]
        assert files
        assert not [one for one in files if old.encode() in one.read_bytes()]


def test_without_files_in_memory_it_is_private_and_removed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    old = random_password()
    path = scene.write("x/.env", "A=1\n")
    with pytest.raises(RuntimeError), readings(scene.workstation, environment_files, path) as reads:
        assert reads.of(f"DB_PASSWORD={old}\n".encode()).own
        (held,) = [one for one in (scene.top / "home/.local/state").rglob(".env") if one.is_file()]
        assert held.stat().st_mode & 0o777 == 0o600
        raise RuntimeError
    scene.nothing_is_left_over()


def test_what_a_kill_left_is_swept(scene: Scene) -> None:
    state = StateFolder.open({}, scene.workstation.home)
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    left = state.path / f"reading-{ended.stdout.strip()}-abcd"
    running = state.path / f"reading-{os.getpid()}-abcd"
    for folder in (left, running):
        (folder / "home").mkdir(parents=True)
    sweep(state)
    assert not left.exists()
    assert running.exists()
    running.joinpath("home").rmdir()
    running.rmdir()


def test_a_cancelled_scan_proves_nothing_wrong(scene: Scene) -> None:
    old = random_password()
    path = scene.write(".bash_history", f"docker login -u a -p {old} ghcr.io\n")
    workstation = scene.workstation
    workstation.cancelled.set()
    with readings(workstation, shell_history, path) as reads:
        assert reads.of(path.read_bytes()).own


def test_a_place_outside_of_home(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "etc/app/.env"
    path.parent.mkdir(parents=True)
    path.write_text("A=1\n")
    with readings(scene.workstation, environment_files, path) as reads:
        assert reads.of(f"DB_PASSWORD={random_password()}\n".encode()).own
