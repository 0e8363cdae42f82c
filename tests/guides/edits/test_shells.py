"""Which shells are open is read from /proc: the real one, and made-up ones for what this machine has not."""

from __future__ import annotations

import os
import pty
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guides.edits.shells import running_shells


@pytest.fixture
def shell() -> Iterator[int]:
    """A real bash on a terminal of its own."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv("/bin/bash", ["bash", "--norc", "--noprofile", "-i"])
    os.write(terminal, b"echo re''ady\n")
    held = b""
    while b"ready" not in held:
        held += os.read(terminal, 1024)
    yield pid
    os.write(terminal, b"exit\n")
    os.close(terminal)
    os.waitpid(pid, 0)


@pytest.mark.skipif(not Path("/bin/bash").exists(), reason="needs bash")
def test_a_real_shell_is_named(shell: int) -> None:
    told = running_shells()
    assert told.known
    (mine,) = [one for one in told.shells if one.pid == shell]
    assert mine.name == "bash"
    assert mine.tty.startswith("pts/")
    assert abs(mine.since - time.time()) < 120
    assert not mine.above


def made_up(proc: Path, pid: int, name: str, *, tty: int = 0x8803, state: str = "S", parent: int = 1) -> None:
    folder = proc / str(pid)
    folder.mkdir(parents=True)
    fields = [state, str(parent), "1", "1", str(tty), *["0"] * 14, "250", "0"]
    (folder / "stat").write_text(f"{pid} ({name}) {' '.join(fields)}\n")
    (proc / "stat").write_text("cpu 1 2\nbtime 1700000000\n")


def test_names_with_blanks_and_brackets_hide_nothing(tmp_path: Path) -> None:
    made_up(tmp_path, 10, "-zsh")
    made_up(tmp_path, 11, "a) (bash")
    made_up(tmp_path, 12, "fish", tty=0)
    made_up(tmp_path, 13, "bash", state="Z")
    made_up(tmp_path, 14, "vim")
    made_up(tmp_path, os.getppid(), "bash", tty=0x0401)
    told = running_shells(tmp_path, uid=os.geteuid(), platform="linux")
    assert [(one.pid, one.name, one.tty, one.above) for one in told.shells] == sorted(
        [(10, "zsh", "pts/3", False), (os.getppid(), "bash", "tty1", True)]
    )
    assert told.shells[0].since == 1700000000 + 250 / os.sysconf("SC_CLK_TCK")


def test_other_users_shells_are_not_told(tmp_path: Path) -> None:
    made_up(tmp_path, 10, "bash")
    assert running_shells(tmp_path, uid=os.geteuid() + 1, platform="linux").shells == ()


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_it_is_not_known(platform: str) -> None:
    told = running_shells(platform=platform)
    assert not told.known
    assert not told.shells


def test_without_proc_it_is_not_known(tmp_path: Path) -> None:
    assert not running_shells(tmp_path / "none").known


def test_a_process_that_ends_meanwhile_is_no_error(tmp_path: Path) -> None:
    made_up(tmp_path, 10, "bash")
    (tmp_path / "10/stat").unlink()
    (tmp_path / "11").mkdir()
    (tmp_path / "11/stat").write_text("11 (bash) S 1\n")
    assert running_shells(tmp_path, uid=os.geteuid(), platform="linux").shells == ()
