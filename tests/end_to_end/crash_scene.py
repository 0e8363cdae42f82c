"""A home folder in which a move, or its undo, is killed again and again; and what must be true each time."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from typing import Any, Protocol

from checks.formats.docker_auth import AuthFile, read_auth_file
from checks.model.secret import Secret
from guides.move import journal
from guides.move.journal import MoveState
from guides.move.resolve import containers_take, docker_takes
from guides.stores.store import Record
from tests.end_to_end.command import PROGRAM, dockhygiene, environment, said
from tests.end_to_end.keeping_helper import SUFFIX, KeepingHelper, Victim
from tests.guides.edits.documents import spellings
from tests.guides.move.clients import RecordingDaemon
from tests.guides.move.machine import docker_text, entry, fresh
from tests.services.docker_client import docker_cli
from tests.services.strace import Call, Side, kill_at, syscalls
from tui.arguments.top import parser
from tui.commands import move, undo
from tui.session import open_session

DOCKER, PODMAN = "h.example:5000", "quay.example"
FILE, STORE = "file", "store"
PLAIN = {DOCKER: FILE, PODMAN: FILE}
MOVED = {DOCKER: STORE, PODMAN: STORE}


class Kill(Protocol):
    """One moment at which one run of the command is killed."""

    def strike(self, scene: Scene, args: Sequence[str]) -> None: ...


@dataclass(frozen=True)
class AtCall:
    """The command itself dies, before or after one of the calls that it made in a recorded run."""

    call: Call
    side: Side

    def __str__(self) -> str:
        return f"{self.side} {self.call}"

    def strike(self, scene: Scene, args: Sequence[str]) -> None:
        kill_at([PROGRAM, *args], scene.environment, self.call, self.side)


@dataclass(frozen=True)
class AtHelper:
    """The command dies when a helper starts or has ended, or that helper dies."""

    start: int
    victim: Victim

    def __str__(self) -> str:
        return f"at helper {self.start}: the {self.victim}"

    def strike(self, scene: Scene, args: Sequence[str]) -> None:
        scene.helper.kill_at(self.start, self.victim)
        done = dockhygiene(scene.home, *args)
        scene.helper.stop_killing()
        if self.victim != "helper":
            assert done.returncode == -SIGKILL, said(done)


class Scene:
    """Two files with a login each, and a helper that keeps what it is given."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.helper = KeepingHelper(home)
        self.secrets = {DOCKER: f'{fresh()}:"x \u20ac', PODMAN: fresh(24)}
        self.users = {DOCKER: "alice", PODMAN: "bob"}
        self.files = {DOCKER: home / ".docker/config.json", PODMAN: home / ".config/containers/auth.json"}
        for host, path in self.files.items():
            path.parent.mkdir(parents=True)
            path.write_text(docker_text({"auths": {host: entry(self.users[host], self.secrets[host])}}))
        self.environment = environment(home)
        self.final: dict[str, Any] = {}
        self.saved = home.with_name(f"{home.name}-saved")

    def save(self) -> None:
        """The state to which `restore` returns; the paths in it stay true."""
        shutil.copytree(self.home, self.saved, symlinks=True)

    def restore(self) -> None:
        shutil.rmtree(self.home)
        shutil.copytree(self.saved, self.home, symlinks=True)

    def run(self, *args: str) -> None:
        """The real command, to its end."""
        done = dockhygiene(self.home, *args)
        assert done.returncode == 0, said(done)

    def moments(self, *args: str) -> list[Kill]:
        """Every moment of a run that leaves another state behind, found by watching one; `final` is where it ends.

        Killed before a call, the command leaves what it left after its call before that one: so it is killed after
        each call, and before the first. In between only helpers act, and it is killed when one starts and has ended.
        """
        calls = [call for call in syscalls([PROGRAM, *args], self.environment, under=self.home) if call.thread == 0]
        assert any(call.name == "fsync" for call in calls), "a power cut is thought of, though no kill can show it"
        calls = [call for call in calls if call.name != "fsync"]
        self.restore()
        self.helper.kill_at(0, "helper")
        self.run(*args)
        starts = range(1, self.helper.stop_killing() + 1)
        self.final = self.result()
        self.restore()
        victims: tuple[Victim, ...] = ("helper", "caller-at-start", "caller-at-end")
        return [
            AtCall(calls[0], "before"),
            *(AtCall(call, "after") for call in calls),
            *(AtHelper(start, victim) for start in starts for victim in victims),
        ]

    def result(self) -> dict[str, Any]:
        """What there is in the end: both files and all that the helper keeps."""
        files = {host: json.loads(path.read_text()) for host, path in self.files.items()}
        return {**files, "kept": self.helper.records()}

    def read(self, host: str) -> AuthFile:
        return read_auth_file(self.files[host].read_bytes())

    def where(self) -> dict[str, str]:
        """Where each login lies, by looking at its file."""
        return {host: FILE if any(one.secrets for one in self.read(host).entries) else STORE for host in self.files}

    def assert_nothing_is_lost(self, daemon: RecordingDaemon, when: str) -> None:
        """The rules of the clients find both logins, and the real docker finds its own."""

        def ask(suffix: str, server: str) -> Record | None:
            assert suffix == SUFFIX, when
            return self.helper.get(server)

        takes = {DOCKER: docker_takes, PODMAN: containers_take}
        for host, take in takes.items():
            expected = Record(host, self.users[host], Secret(self.secrets[host]))
            assert take(self.read(host), host, ask) == expected, (when, host, self.where())
        done = docker_cli(self.home, "pull", f"{DOCKER}/x:1", docker_host=daemon.url, path=str(self.helper.bin))
        assert daemon.received, (when, done.stderr)
        sent = daemon.received.pop()
        assert (sent["username"], sent["password"]) == (self.users[DOCKER], self.secrets[DOCKER]), when

    def assert_the_next_start_tells_the_truth(self, doing: str, when: str) -> None:
        session = open_session(self.environment)
        found = [notice.text for notice in session.notices()]
        where = self.where()
        if found:
            assert len(found) == 1, (when, found)
            assert expected_notice(doing, where) in found[0], (when, where, found)
        else:
            states = {move.state for move in journal.read_all(session.state).moves}
            told = STORE if MoveState.DONE in states else FILE
            assert where == dict.fromkeys(where, told), (when, states, where)
        assert not session.notices(), when
        assert undo.run(parser().parse_args(["undo"]), session) == 0

    def assert_no_secret_is_left(self, when: str) -> None:
        """Neither beside the credential files nor anywhere else but where a login still stands."""
        for path in self.files.values():
            assert [each.name for each in path.parent.iterdir()] == [path.name], when
        where = self.where()
        for path in self.home.rglob("*"):
            if path.is_symlink() or not path.is_file() or path.is_relative_to(self.helper.folder):
                continue
            text = path.read_bytes().decode("utf-8", "replace")
            for host, secret in self.secrets.items():
                stands = path == self.files[host] and where[host] == FILE
                assert stands or not any(one in text for one in spellings(secret)), (when, path)

    def assert_a_move_ends_it(self, final: dict[str, Any], when: str) -> None:
        """The same end as without any kill."""
        arguments: argparse.Namespace = parser().parse_args(["move", "--all", "--yes"])
        assert move.run(arguments, open_session(self.environment)) == 0, when
        assert self.result() == final, when
        assert not open_session(self.environment).notices(), when


def expected_notice(doing: str, where: dict[str, str]) -> str:
    if where == PLAIN:
        return "before any file was changed" if doing == "move" else "as they were before the move"
    subject = "A move" if doing == "move" else "An undo"
    middle = "the logins are" if where == MOVED else "some logins are in their file, the others are"
    return f"{subject} was interrupted: {middle} in the store {SUFFIX}"
