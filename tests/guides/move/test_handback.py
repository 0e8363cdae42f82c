"""Uninstalling: every login of our own helper goes to another store, or back to the file, before the helper goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks.model.secret import Secret
from guides.edits.atomic import NotWritten
from guides.move.handback import Handback, hand_back, plan_handback
from guides.stores.store import TOKEN_USER, Record, StoreError
from tests.guides.move.machine import HUB, Machine, auth, fresh
from tests.memory_store import MemoryStore

HOST = "registry.example:5000"
OWN = "dockhygiene"


def own(*servers: str) -> MemoryStore:
    return MemoryStore(*(Record(server, "alice", Secret(fresh())) for server in servers), id=OWN)


def named(*servers: str, store: bool = False) -> dict[str, Any]:
    """A file from which logins were moved to our helper."""
    document: dict[str, Any] = {"auths": {server: {} for server in servers}}
    document["credHelpers"] = dict.fromkeys(servers, OWN)
    return document | ({"credsStore": OWN} if store else {})


def handed_back(machine: Machine, store: MemoryStore, heir: MemoryStore | None) -> Handback:
    plan = plan_handback(machine.files(), store, heir)
    list(hand_back(plan))
    return plan


def test_to_another_store(machine: Machine) -> None:
    machine.write(named(HOST, HUB, store=True) | {"x": 1})
    store, heir = own(HOST, HUB, "docker.io"), MemoryStore(id="pass")
    records = store.snapshot()
    handed_back(machine, store, heir)
    assert heir.records == records
    assert store.records == {}
    assert machine.written() == {
        "auths": {HOST: {}, HUB: {}},
        "credHelpers": {HOST: "pass", HUB: "pass"},
        "credsStore": "pass",
        "x": 1,
    }


def test_other_helpers_stay(machine: Machine) -> None:
    machine.write({"credHelpers": {HOST: OWN, "k": "ecr-login", "p": ""}, "credsStore": "desktop"})
    handed_back(machine, own(HOST), MemoryStore(id="pass"))
    assert machine.written() == {"credHelpers": {HOST: "pass", "k": "ecr-login", "p": ""}, "credsStore": "desktop"}


def test_back_to_the_file(machine: Machine) -> None:
    machine.write(named(HOST, HUB, store=True))
    store = own(HOST)
    store.records[HUB] = Record(HUB, TOKEN_USER, Secret(token := fresh()))
    store.records["docker.io"] = Record("docker.io", TOKEN_USER, Secret(token))
    word = store.records[HOST].secret.reveal()
    handed_back(machine, store, None)
    assert machine.written() == {"auths": {HOST: {"auth": auth("alice", word)}, HUB: {"identitytoken": token}}}
    assert store.records == {}
    assert machine.config.stat().st_mode & 0o777 == 0o600


def test_back_to_the_file_under_its_own_spelling(machine: Machine) -> None:
    key = f"https://{HOST}/v1/"
    machine.write({"auths": {key: {"email": "a@b.example"}}, "credHelpers": {HOST: OWN}})
    store = own(HOST)
    word = store.records[HOST].secret.reveal()
    handed_back(machine, store, None)
    assert machine.written() == {"auths": {key: {"auth": auth("alice", word), "email": "a@b.example"}}}


def test_podmans_file_gets_its_own_names(machine: Machine) -> None:
    machine.write(named("docker.io", "quay.io"), machine.podman)
    store = own(HUB, "docker.io", "quay.io")
    words = {server: record.secret.reveal() for server, record in store.records.items()}
    handed_back(machine, store, None)
    auths = machine.written(machine.podman)["auths"]
    assert auths == {name: {"auth": auth("alice", words[name])} for name in ("docker.io", "quay.io")}


def test_logins_that_only_the_default_store_served(machine: Machine) -> None:
    """`docker login` after the move: nothing of it stands in the file but an empty entry."""
    machine.write({"auths": {HOST: {}}, "credsStore": OWN})
    store = own(HOST)
    word = store.records[HOST].secret.reveal()
    handed_back(machine, store, None)
    assert machine.written() == {"auths": {HOST: {"auth": auth("alice", word)}}}


def test_the_file_without_auths_before_its_settings(machine: Machine) -> None:
    machine.write({"credHelpers": {HOST: OWN}, "credsStore": OWN, "x": 1})
    handed_back(machine, own(HOST), None)
    assert set(machine.written()) == {"auths", "x"}


def test_nothing_held_and_nothing_named(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: {}}})
    plan = handed_back(machine, own(), MemoryStore())
    assert (plan.records, plan.files) == ((), ())
    assert machine.config.read_bytes() == before


def test_an_heir_that_holds_another_login_stops_it(machine: Machine) -> None:
    machine.write(named(HOST))
    heir = MemoryStore(Record(HOST, "bob", Secret(fresh())))
    with pytest.raises(StoreError, match="another login"):
        plan_handback(machine.files(), own(HOST), heir)


def test_an_heir_that_holds_the_same_is_fine(machine: Machine) -> None:
    machine.write(named(HOST))
    store = own(HOST)
    heir = MemoryStore(store.records[HOST])
    handed_back(machine, store, heir)
    assert set(heir.records) == {HOST}


def test_a_record_that_cannot_be_read_stops_it(machine: Machine) -> None:
    machine.write(named(HOST))
    store = own(HOST)
    store.deaf = {"get"}
    with pytest.raises(StoreError):
        plan_handback(machine.files(), store, MemoryStore())


def test_every_failing_call_leaves_each_login_somewhere(tmp_path: Path) -> None:
    for which in ("own", "heir"):
        for number in range(12):
            machine = Machine(tmp_path / f"{which}{number}")
            machine.write(named(HOST, "ghcr.io"))
            store, heir = own(HOST, "ghcr.io"), MemoryStore(id="pass")
            records = store.snapshot()
            plan = plan_handback(machine.files(), store, heir)
            for each in (store, heir):
                each.forget_calls()
            (store if which == "own" else heir).dies_at = number
            try:
                list(hand_back(plan))
            except StoreError:
                pass
            helpers = machine.written()["credHelpers"]
            for server, record in records.items():
                serving = {OWN: store, "pass": heir}[helpers[server]]
                assert serving.records.get(server) == record, (which, number, server)


def test_a_file_that_changed_stops_it_before_anything_is_erased(machine: Machine) -> None:
    machine.write(named(HOST))
    store, heir = own(HOST), MemoryStore(id="pass")
    plan = plan_handback(machine.files(), store, heir)
    foreign = machine.write(named(HOST) | {"new": 1})
    with pytest.raises(NotWritten):
        list(hand_back(plan))
    assert machine.config.read_bytes() == foreign
    assert HOST in store.records


def test_no_secret_shows(machine: Machine) -> None:
    machine.write(named(HOST, store=True))
    store = own(HOST)
    word = store.records[HOST].secret.reveal()
    plan = plan_handback(machine.files(), store, None)
    assert word not in repr(plan) + "".join(hand_back(plan))
