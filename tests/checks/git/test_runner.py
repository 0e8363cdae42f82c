"""The one place where git is started."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from checks.git.runner import Git, GitError, GitSilent, NoGit, git_program
from tests.services.git_repository import GitRepository


@pytest.fixture
def git(repository: GitRepository) -> Git:
    return Git(git_program({"PATH": os.defpath}), repository.path / ".git")


def fake(tmp_path: Path, text: str) -> str:
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\nPATH={os.defpath}\n{text}\n")
    program.chmod(0o755)
    return str(program)


def test_reads(git: Git, repository: GitRepository) -> None:
    assert git.read("rev-parse", "HEAD").decode().strip() == repository.head
    text = b"x" * 100_000
    for given in (b"", b"small", text):
        assert git.read("hash-object", "--stdin", stdin=given).decode().strip() == repository.blob(given)


@pytest.mark.parametrize(
    "arguments",
    [
        *(("bundle", "create", "x", "--all"), ("bundle", "unbundle", "x"), ("bundle",)),
        *((), ("status",), ("fetch",), ("gc",), ("config", "--list"), ("-c", "x=y", "log")),
        *(
            ("log", "--show-signature"),
            ("log", "--output=x"),
            ("log", "--ext-diff"),
            ("cat-file", "--textconv", "HEAD:x"),
        ),
        *(
            ("cat-file", "--filters", "HEAD:x"),
            ("hash-object", "-w", "--stdin"),
            ("hash-object", "--path", "x", "--stdin"),
        ),
    ],
    ids=" ".join,
)
def test_refuses_what_does_more_than_read(git: Git, arguments: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"not among the subcommands|starts a program"):
        git.read(*arguments)


def test_words_of_git_are_printable(git: Git) -> None:
    with pytest.raises(GitError) as caught:
        git.read("rev-parse", "--verify", "\x1b[2Jnone\u202e")
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith("git ended with 128")


def test_no_more_than_the_limit(git: Git) -> None:
    assert git.read("rev-parse", "HEAD", limit=41)
    with pytest.raises(GitError, match="wrote more than"):
        git.read("rev-parse", "HEAD", limit=40)


def test_is_ended_when_left(git: Git, tmp_path: Path) -> None:
    git = replace(git, program=fake(tmp_path, f"echo $$ > {tmp_path}/pid; yes"))
    with git.running("log") as stream:
        assert stream.readline() == b"y\n"
    pid = (tmp_path / "pid").read_text().strip()
    assert not Path(f"/proc/{pid}").exists()


def test_does_not_wait_for_ever(git: Git, tmp_path: Path) -> None:
    git = replace(git, program=fake(tmp_path, "echo word; exec sleep 600"), patience=0.2)
    with pytest.raises(GitSilent, match="said nothing"):
        git.read("log")


def test_one_that_closes_its_output_and_stays(git: Git, tmp_path: Path) -> None:
    git = replace(git, program=fake(tmp_path, "exec >&- 2>&-; exec sleep 600"), patience=0.2)
    with pytest.raises(GitSilent, match="did not end"):
        git.read("log")


def test_much_on_its_other_output(git: Git, tmp_path: Path) -> None:
    git = replace(git, program=fake(tmp_path, "head -c 3000000 /dev/zero >&2; echo word; exit 3"))
    with pytest.raises(GitError, match="git ended with 3"):
        git.read("log")


def test_stops_when_cancelled(git: Git, tmp_path: Path) -> None:
    git = replace(git, program=fake(tmp_path, "exec sleep 600"), cancelled=threading.Event())
    threading.Timer(0.2, git.cancelled.set).start()
    with pytest.raises(GitError, match="stopped"):
        git.read("log")


def test_a_program_that_is_gone(git: Git, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="could not be started"):
        replace(git, program=str(tmp_path / "none")).read("log")


def test_programs_of_others_are_not_taken(tmp_path: Path) -> None:
    fake(tmp_path, "exit 0")
    tmp_path.chmod(0o777)
    for path in ("", ".", str(tmp_path), "relative"):
        with pytest.raises(NoGit):
            git_program({"PATH": path})
