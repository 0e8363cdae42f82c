"""A workstation whose login is in a real helper's store, at a real registry, as a case has left it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.formats.registry_names import server_of
from checks.model.secret import Secret
from guides.case import file
from guides.case.due import DAY
from guides.case.model import Case, Entry, Held, Notes, StepId, StepRecord, StepState, Watch
from guides.case.walk import Walk
from guides.demo.store import DemoStore
from guides.monitor.credentials import Tracked, tracked
from guides.move import journal
from guides.rotation.at_once import plan
from guides.stores.case.demo_store import DemoCaseStore
from guides.stores.catalog import find_store
from guides.stores.store import Record
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene
from tests.services.registry import BasicRegistry

U, E, G, P, T, R, _, M, C = StepId


@contextmanager
def stored(home: Path, secret: Secret, registry: str, username: str = "alice") -> Iterator[Scene]:
    """A scene whose case store and docker's helper are one process, which outlives a program that is killed."""
    below = home / "d"
    below.mkdir()
    with DemoStore(below):
        yield Scene(
            home,
            secret,
            registry,
            username,
            store=DemoCaseStore(below),
            path=str(below / ".local/bin"),  # type: ignore[arg-type]
        )


def first_case(scene: Scene, running: BasicRegistry) -> None:
    """What a case leaves behind: a new login in docker's store, the old one dead, and a watch that runs."""
    new = Secret(random_password())
    running.set_users({"alice-2": new.reveal()})
    find_store("demo", scene.environment).put(Record(server_of(running.host), "alice-2", new))
    scene.write(".docker/config.json", f'{{"credHelpers": {{"{running.host}": "demo"}}}}')
    key = scene.workstation.key
    old = Held(scene.secret.masked, "password", key.of("secret", scene.secret), "alice", dead=scene.now)
    made = Held(new.masked, "password", key.of("secret", new), "alice-2", saved=True, accepted=scene.now)
    done = {step: StepRecord(StepState.DONE, scene.now) for step in (U, E, G, P, T, R)}
    case = Case(
        "0a1b2c3d", scene.now, running.host, "alice", "distribution", old, new=made, store="demo", steps=done,
        htpasswd=str(running.htpasswd), notes=Notes("the shop team"),
        watch=Watch(scene.now + 30 * DAY, (running.host,), scene.now, scene.now),
        journal=(Entry(scene.now, G, "made"),),
    )  # fmt: skip
    scene.store.put(f"{case.id}/new", new)
    file.write(scene.state, case)


def followed(scene: Scene) -> Tracked:
    """The only credential that is in use."""
    (one,) = tracked(file.read_all(scene.state).cases, journal.read_all(scene.state).moves)
    return one


def all_at_once(walk: Walk, **answers: str | Secret) -> list[str]:
    """As a person does it: what is asked for is given once."""
    offer = plan(walk)
    given = {ask.id: ask.choices[0][0] if ask.choices else ask.default for ask in offer.asks}
    assert "word" in given, "what cannot be undone wants a typed word"
    return list(offer.perform({**given, "word": "revoke", **answers}))
