"""Killed at a journal write, anywhere in a walk: nothing is lost, the case says where it stood, and it can be ended."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.files.state import StateFolder
from checks.model.secret import Secret
from guides.case import file
from guides.case.model import Case, Settled, StepId
from guides.case.opening import look_again
from guides.case.walk import Walk
from guides.demo.store import DemoStore
from guides.registries import htpasswd
from guides.stores.case.demo_store import DemoCaseStore
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act
from tests.services.registry import BasicRegistry, basic_registry

U, E, G, P, T, R, _, M, C = StepId
MOST_ACTS = 40
LAST_WRITE = 26
"""Number of the write that closes the case, from 0."""


@pytest.fixture
def registry() -> Iterator[tuple[BasicRegistry, Secret]]:
    secret = Secret(random_password())
    with basic_registry({"alice": secret.reveal()}) as running:
        yield running, secret


@pytest.fixture
def scene(tmp_path: Path, registry: tuple[BasicRegistry, Secret]) -> Iterator[Scene]:
    """The demo's store lives in this process, so it outlives the one that is killed."""
    running, secret = registry
    (tmp_path / "d").mkdir()
    with DemoStore(tmp_path / "d"):
        made = Scene(tmp_path, secret, running.host, store=DemoCaseStore(tmp_path / "d"))  # type: ignore[arg-type]
        made.write("shop/.env", f"REGISTRY_PASSWORD={secret.reveal()}\n")
        made.write(".bash_history", f"ls\ndocker login {running.host} -u alice -p {secret.reveal()}\n")
        yield made


def advance(walk: Walk, running: BasicRegistry) -> None:
    """One act more, whatever the case needs next."""
    match walk.case.current:
        case StepId.UNDERSTAND:
            act(walk, U, "order")
        case StepId.EVIDENCE:
            act(walk, E, "note")
        case StepId.GENERATE if not walk.case.htpasswd:
            act(walk, G, "file", path=str(running.htpasswd))
        case StepId.GENERATE if walk.case.new:
            act(walk, G, "verify")
        case StepId.GENERATE:
            act(walk, G, "htpasswd")
        case StepId.UPDATE if any(place.state is Settled.OPEN for place in walk.case.places):
            path = next(place.path for place in walk.case.places if place.state is Settled.OPEN)
            act(walk, P, "file-0", way="nothing" if path.endswith("history") else "value")
        case StepId.UPDATE:
            act(walk, P, "everywhere")
        case StepId.TEST:
            act(walk, T, "pull")
        case StepId.REVOKE:
            names = [user.name for user in htpasswd.users(running.htpasswd.read_text())]
            act(walk, R, "htpasswd" if "alice" in names else "browser", word="revoke")
        case StepId.MONITOR if walk.case.watch is None:
            act(walk, M, "begin")
        case StepId.MONITOR:
            act(walk, M, "end", why="a test")
        case StepId.CLOSE:
            act(walk, C, "close")


def walk_to_the_end(scene: Scene, running: BasicRegistry, start: Case | None) -> int:
    """Ends the case; how many acts that took."""
    files = (scene.home / "shop/.env", scene.home / ".bash_history")
    with scene.walk(start or scene.credential(*files)) as walk:
        if start:
            look_again(walk)
        for number in range(MOST_ACTS):
            if walk.case.closed:
                return number
            advance(walk, running)
    raise AssertionError(f"it does not end: {walk.case.journal[-3:]}")


def killed_at(scene: Scene, running: BasicRegistry, write: int, *, after: bool) -> bool:
    """Walks in a process of its own, which dies before or after the write of this number. False: it came to its end."""
    child = os.fork()
    if child == 0:
        written = 0
        original = StateFolder.write

        def counting(self: StateFolder, name: str, data: bytes) -> None:
            nonlocal written
            mine = name.startswith("case-")
            if mine and written == write and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            original(self, name, data)
            if mine and written == write and after:
                os.kill(os.getpid(), signal.SIGKILL)
            written += mine

        StateFolder.write = counting  # type: ignore[method-assign]
        try:
            walk_to_the_end(scene, running, None)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("write", range(0, LAST_WRITE + 1, 2))
def test_nothing_is_lost(scene: Scene, registry: tuple[BasicRegistry, Secret], write: int, after: bool) -> None:
    running, old = registry
    died = killed_at(scene, running, write, after=after)
    held = file.read_all(scene.state)
    assert not held.damaged
    case = held.cases[0] if held.cases else None
    users = running.htpasswd.read_text()
    env = Secret((scene.home / "shop/.env").read_text().partition("=")[2].strip())
    values = (old, env, scene.store.get(f"{case.id}/new") if case else None)
    works = [htpasswd.accepts(users, user.name, value) for user in htpasswd.users(users) for value in values if value]
    assert any(works), "no working credential is in anybody's hands"
    if died:
        walk_to_the_end(scene, running, case)
    (case,) = file.read_all(scene.state).cases
    assert case.closed and case.old.dead
    assert not list(scene.home.rglob(".*.dockhygiene-*")), "a temporary file was left"
    users = running.htpasswd.read_text()
    assert "alice" not in [user.name for user in htpasswd.users(users)]
    assert old.reveal() not in (scene.home / "shop/.env").read_text()
    assert (scene.home / ".bash_history").read_text() == "ls\n"


def test_every_write_is_killed_above(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, _ = registry
    assert killed_at(scene, running, LAST_WRITE, after=False)
    (case,) = file.read_all(scene.state).cases
    assert case.current is C
