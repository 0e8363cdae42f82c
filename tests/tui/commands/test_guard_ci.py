"""`dockhygiene guard ci`, as a person runs it: the program itself, in a real repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from guides.guards.ci.catalog import SYSTEMS, CiSystem, set_up
from tui import __version__
from tui.arguments.guard import CI_SYSTEMS

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-P", "-c", "from tui.main import main; raise SystemExit(main())", "guard", "ci"]
GITHUB = ".github/workflows/dockhygiene.yml"

BY_ID = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.id)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    made = tmp_path / "top"
    subprocess.run(["git", "init", "-q", "-b", "main", str(made)], env=environment(tmp_path), check=True)
    return made


def environment(home: Path) -> dict[str, str]:
    quiet = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(home), "NO_COLOR": "1"}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "xterm", **quiet}


def run(top: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*PROGRAM, *arguments]
    return subprocess.run(
        command,
        cwd=top,
        env=environment(top.parent),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


def files(top: Path) -> set[str]:
    return {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file() and ".git" not in path.parts}


def test_the_command_line_and_the_catalog_know_the_same_systems() -> None:
    assert tuple(system.id for system in SYSTEMS) == CI_SYSTEMS


@BY_ID
def test_without_write_the_set_up_alone_is_printed(system: CiSystem, top: Path) -> None:
    done = run(top, system.id)
    assert done.returncode == 0, done.stderr
    assert done.stdout == set_up(system, __version__, "main")
    assert not files(top)
    assert system.proof in done.stderr
    for host in system.hosts:
        assert f"\n  {host}".casefold() in done.stderr.casefold()
    assert "https://" in done.stderr


@BY_ID
def test_written_with_yes_after_the_change_was_shown(system: CiSystem, top: Path) -> None:
    (top / "below").mkdir()
    done = run(top / "below", system.id, "--write", "--yes", "--directory", str(top / "below"))
    assert done.returncode == 0, done.stderr
    text = set_up(system, __version__, "main")
    assert (top / system.path).read_text() == text
    assert files(top) == {system.path}
    assert f"+++ {system.path}" in done.stdout
    assert all(f"+{line}" in done.stdout for line in text.splitlines())
    again = run(top, system.id, "--write")
    assert again.returncode == 0
    assert "is this set-up already" in again.stdout


@BY_ID
def test_a_file_of_the_persons_is_never_overwritten(system: CiSystem, top: Path) -> None:
    theirs = top / system.path
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.write_text("theirs: true\n")
    done = run(top, system.id, "--write", "--yes")
    assert theirs.read_text() == "theirs: true\n"
    assert done.returncode == (0 if system.beside else 1)
    assert files(top) == {system.path} | ({system.beside} if system.beside else set())
    assert system.joining.splitlines()[-1] in done.stdout


def test_gitlab_is_told_the_line_to_add(top: Path) -> None:
    (top / ".gitlab-ci.yml").write_text("stages: [test]\n")
    done = run(top, "gitlab", "--write", "--yes")
    assert "include:\n  - local: .gitlab/dockhygiene.yml\n" in done.stdout


@pytest.mark.parametrize("answer", ["", "y", "yes", "write"])
def test_only_the_typed_word_writes(answer: str, top: Path) -> None:
    child = pexpect.spawn(
        PROGRAM[0],
        [*PROGRAM[1:], "github", "--write"],
        cwd=str(top),
        env=environment(top.parent),
        encoding="utf-8",
        timeout=30,
        dimensions=(50, 160),
    )
    child.expect("anything else to stop: ")
    assert not files(top)
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == (0 if answer == "write" else 1)
    assert files(top) == ({GITHUB} if answer == "write" else set())


def test_without_a_terminal_nothing_is_written(top: Path) -> None:
    done = run(top, "github", "--write")
    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert not files(top)


def test_a_folder_outside_of_a_repository(tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    assert run(alone, "github").returncode == 0
    done = run(alone, "github", "--write", "--yes")
    assert done.returncode == 2
    assert "in no git repository" in done.stderr
    assert run(alone, "github", "--directory", str(tmp_path / "gone")).returncode == 2


def test_a_link_on_the_way_is_told(top: Path) -> None:
    (top / ".github").symlink_to(top.parent)
    done = run(top, "github", "--write", "--yes")
    assert done.returncode == 3
    assert "is a link" in done.stderr
    assert not (top.parent / "workflows").exists()
