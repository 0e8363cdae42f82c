"""A sample of the kills of test_crash.py with the real pass: between any two of its helper's starts, and at the swap.

pass is slow, and gpg makes system calls of its own by the hundred, so not every moment is tried again.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL

import pytest

from checks.formats.docker_auth import read_auth_file
from checks.model.secret import Secret
from guides.move.resolve import docker_takes
from guides.stores.native import helper_store
from guides.stores.store import Record
from tests.end_to_end.command import PROGRAM, dockhygiene, environment, said
from tests.guides.edits.documents import spellings
from tests.guides.move.clients import RecordingDaemon
from tests.guides.move.machine import docker_text, entry, fresh
from tests.services.docker_client import docker_cli
from tests.services.pass_store import running_pass_store
from tests.services.require import require
from tests.services.strace import Side, kill_at, syscalls

HOST = "h.example:5000"
MOVE = ("move", "--all", "--yes", "--to", "pass")
SYSTEM_PATH = "/usr/bin:/bin"
COUNTING = """#!/bin/sh
number=0
if [ -e '{home}/.starts' ]; then read -r number <'{home}/.starts'; fi
number=$((number + 1))
echo $number >'{home}/.starts'
'{real}' "$1"
status=$?
if [ -e '{home}/.kill' ]; then
    read -r at <'{home}/.kill'
    if [ "$number" = "$at" ]; then kill -9 $PPID; fi
fi
exit $status
"""


class Scene:
    """One login in plain text, and `docker-credential-pass` behind a script that counts and kills."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.home = Path(environ["HOME"])
        self.config = self.home / ".docker/config.json"
        folder = self.home / "bin"
        folder.mkdir()
        real = require("docker-credential-pass", "golang-docker-credential-helpers")
        self.wrapper = folder / "docker-credential-pass"
        self.wrapper.write_text(COUNTING.format(home=self.home, real=real))
        self.wrapper.chmod(0o755)
        self.environ = {**environ, "PATH": f"{folder}:{SYSTEM_PATH}"}
        self.word = fresh()
        self.config.parent.mkdir()
        self.config.write_text(docker_text({"auths": {HOST: entry("alice", self.word)}}))

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return dockhygiene(self.home, *args, env=self.environ)

    def starts(self) -> int:
        """Of the helper, since the last time."""
        file = self.home / ".starts"
        number = int(file.read_text())
        file.unlink()
        return number

    def undone(self) -> None:
        """Back to the start: the login in its file and nowhere else."""
        done = self.run("undo", "last", "--yes")
        assert done.returncode == 0, said(done)
        helper_store("pass", self.environ).erase(HOST)
        (self.home / ".starts").unlink(missing_ok=True)

    def assert_nothing_is_lost(self, daemon: RecordingDaemon) -> None:
        store = helper_store("pass", self.environ)
        auth = read_auth_file(self.config.read_bytes())
        assert docker_takes(auth, HOST, lambda _, server: store.get(server)) == Record(HOST, "alice", Secret(self.word))
        env = {name: value for name, value in self.environ.items() if name not in ("HOME", "PATH")}
        pull = ("pull", f"{HOST}/x:1")
        done = docker_cli(self.home, *pull, docker_host=daemon.url, path=self.environ["PATH"], env=env)
        assert daemon.received, done.stderr
        assert daemon.received.pop()["password"] == self.word

    def assert_a_move_ends_it(self, daemon: RecordingDaemon) -> None:
        self.assert_nothing_is_lost(daemon)
        listed = self.run("undo")
        assert listed.returncode == 0, said(listed)
        moved = not any(one.secrets for one in read_auth_file(self.config.read_bytes()).entries)
        if "was interrupted" in listed.stdout:
            assert ("the logins are in the store pass" in listed.stdout) == moved, listed.stdout
        assert [path.name for path in self.config.parent.iterdir()] == ["config.json"]
        done = self.run(*MOVE)
        assert done.returncode == 0, said(done)
        text = self.config.read_text()
        assert not any(form in text for form in spellings(self.word))
        expected = {"auths": {HOST: {}}, "credHelpers": {HOST: "pass"}, "credsStore": "pass"}
        assert json.loads(text) == expected
        self.assert_nothing_is_lost(daemon)


@contextmanager
def scene() -> Iterator[Scene]:
    with running_pass_store() as environ:
        yield Scene(environ)


@pytest.mark.parametrize("chunk", range(2))
def test_between_two_starts_of_the_helper(daemon: RecordingDaemon, chunk: int) -> None:
    with scene() as here:
        assert here.run(*MOVE).returncode == 0
        number = here.starts()
        assert number >= 9
        here.undone()
        for start in range(1 + chunk, number + 1, 4):
            (here.home / ".kill").write_text(f"{start}\n")
            assert here.run(*MOVE).returncode == -SIGKILL
            (here.home / ".kill").unlink()
            here.assert_a_move_ends_it(daemon)
            here.undone()


@pytest.mark.parametrize("side", ["before", "after"])
def test_at_the_swap(daemon: RecordingDaemon, side: Side) -> None:
    with scene() as here:
        env = environment(here.home, env=here.environ)
        calls = syscalls([PROGRAM, *MOVE], env, under=here.config.parent)
        swap = next(call for call in calls if call.name == "renameat2")
        here.undone()
        kill_at([PROGRAM, *MOVE], env, swap, side)
        here.assert_a_move_ends_it(daemon)
