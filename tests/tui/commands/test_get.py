"""`dockhygiene get`: exactly the value into a pipe, and questions before anything else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pexpect
import pytest

from checks.files.state import StateFolder
from guides.references.known import remember
from guides.stores.managers.reference import parse
from tests.end_to_end.command import PROGRAM
from tests.tui.commands.conftest import PassEntry


@pytest.fixture
def environ(tmp_path: Path, pass_entry: PassEntry) -> dict[str, str]:
    """A state folder of the test's own, in which nothing was agreed to."""
    return {**pass_entry.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "dumb"}


def get(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, "get", *words], env=environ, input="", capture_output=True, text=True, timeout=60)


def test_a_pipe_gets_exactly_the_value(environ: dict[str, str], pass_entry: PassEntry) -> None:
    foreign = get(environ, pass_entry.reference)
    assert (foreign.returncode, foreign.stdout) == (1, "")
    assert "did not put this secret there" in foreign.stderr and "nobody can be asked" in foreign.stderr
    assert get(environ, "--yes", pass_entry.reference).stdout == pass_entry.value
    assert get(environ, pass_entry.reference).returncode == 1, "--yes is good for once"
    remember(StateFolder.open(environ, Path(environ["HOME"])), parse(pass_entry.reference))
    known = get(environ, "-n", pass_entry.reference)
    assert (known.returncode, known.stdout, known.stderr) == (0, f"{pass_entry.value}\n", "")


def test_exit_codes(environ: dict[str, str]) -> None:
    assert get(environ, "--yes", "dockhygiene://pass/docker/none").returncode == 3
    for wrong in ("dockhygiene://nowhere/x", "https://pass/x", "dockhygiene://pass/"):
        done = get(environ, wrong)
        assert (done.returncode, done.stdout) == (2, ""), wrong


def test_a_terminal_asks_first_and_remembers_what_was_agreed(environ: dict[str, str], pass_entry: PassEntry) -> None:
    assert ends(environ, pass_entry, "") == (1, False)
    assert ends(environ, pass_entry, "show") == (0, True)
    assert get(environ, pass_entry.reference).stdout == pass_entry.value, "it may be read from now on"
    assert ends(environ, pass_entry, "") == (1, False), "and is still not shown without being asked for"


def ends(environ: dict[str, str], pass_entry: PassEntry, typed: str) -> tuple[int | None, bool]:
    """The exit code, and whether the value was shown."""
    argv = ["get", pass_entry.reference]
    child = pexpect.spawn(PROGRAM, argv, env=environ, encoding="utf-8", timeout=60, dimensions=(50, 250))
    child.expect("shown on this terminal")
    child.expect("Type show to go on")
    child.sendline(typed)
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, pass_entry.value in (child.before or "")
