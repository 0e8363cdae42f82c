"""Replacing and probing, against stores that misbehave."""

from __future__ import annotations

import secrets
import time

import pytest

from checks.model.secret import Secret
from guides.stores.roundtrip import STALE_SECONDS, probe_round_trip, replace, same_record
from guides.stores.store import Limits, Probe, Record, Store, StoreError, StoreLocked, StoreMissing, StoreTimedOut

SERVER = "registry.example"


class MemoryStore:
    """Keeps every user name of a server and answers with the first, as secretservice does."""

    id = "memory"
    title = "memory"

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.held: list[Record] = []
        self.errors: dict[str, StoreError] = {}
        self.calls: list[str] = []

    def probe(self) -> Probe:
        return probe_round_trip(self)

    def _called(self, verb: str) -> None:
        self.calls.append(verb)
        if verb in self.errors:
            raise self.errors[verb]

    def get(self, server: str) -> Record | None:
        self._called("get")
        return next((each for each in self.held if each.server == server), None)

    def put(self, record: Record) -> None:
        self._called("put")
        self.held.append(record)

    def erase(self, server: str) -> None:
        self._called("erase")
        self.held = [each for each in self.held if each.server != server]

    def list(self) -> dict[str, str]:
        return {each.server: each.username for each in self.held}


class ForgetfulStore(MemoryStore):
    """Cuts secrets that were put after the first one."""

    def put(self, record: Record) -> None:
        super().put(Record(record.server, record.username, Secret(record.secret.reveal()[:-1])))


def record(user: str = "alice") -> Record:
    return Record(SERVER, user, Secret(secrets.token_urlsafe(16)))


def test_replace_leaves_only_the_new_record() -> None:
    store: Store = MemoryStore()
    old, new = record("amy"), record("zed")
    store.put(old)
    replace(store, new)
    assert store.held == [new]


def test_what_reads_back_differently_is_erased_and_the_old_put_back() -> None:
    store = ForgetfulStore()
    with pytest.raises(StoreError, match="something else"):
        replace(store, record())
    assert store.held == []
    old = record("amy")
    store.held = [old]
    with pytest.raises(StoreError, match="something else"):
        replace(store, record("zed"))
    assert [each.username for each in store.held] == ["amy"]


def test_a_failing_put_does_not_lose_the_old_record() -> None:
    store = MemoryStore()
    old = record("amy")
    store.held = [old]
    failures = iter([StoreTimedOut("slow"), None])

    def put(new: Record) -> None:
        if error := next(failures):
            raise error
        store.held.append(new)

    store.put = put  # type: ignore[method-assign]
    with pytest.raises(StoreTimedOut):
        replace(store, record("zed"))
    assert store.held == [old]


def test_a_lost_old_record_is_said() -> None:
    store = MemoryStore()
    store.held = [record("amy")]
    store.errors["put"] = StoreLocked("locked", "unlock it")
    with pytest.raises(StoreError, match="could not be put back: locked") as caught:
        replace(store, record("zed"))
    assert caught.value.mend == "unlock it"


def test_a_store_that_cannot_erase_keeps_the_old_record() -> None:
    store = MemoryStore()
    old = record("amy")
    store.held = [old]
    store.errors["erase"] = StoreLocked("locked")
    with pytest.raises(StoreLocked):
        replace(store, record("zed"))
    assert store.held[0] == old


@pytest.mark.parametrize("user", ["alice ", "Alice", ""])
def test_another_user_name_is_another_record(user: str) -> None:
    one = record()
    assert same_record(one, one)
    assert not same_record(Record(SERVER, user, one.secret), one)
    assert not same_record(None, one)


def test_the_probe_leaves_nothing_behind() -> None:
    store = MemoryStore()
    assert probe_round_trip(store).works
    assert store.held == []
    assert store.calls == ["put", "get", "erase", "get"]


def test_the_probe_uses_a_slash_only_where_the_limits_allow() -> None:
    users = []
    for limits in (Limits(), Limits(slash_in_username=False)):
        store = MemoryStore(limits)
        put = store.put
        store.put = lambda new, put=put: (users.append(new.username), put(new))  # type: ignore[method-assign]
        store.probe()
    assert users == ["probe/ü", "probe"]


def test_the_probe_erases_after_a_failure() -> None:
    store = ForgetfulStore()
    probe = probe_round_trip(store)
    assert (probe.works, store.held) == (False, [])
    store = MemoryStore()
    store.errors["get"] = StoreLocked("no passphrase", "unlock")
    assert probe_round_trip(store) == Probe(False, "no passphrase", "unlock")
    assert store.held == []


def test_the_probe_of_a_missing_store_asks_once() -> None:
    store = MemoryStore()
    store.errors["put"] = StoreMissing("not here", "install it")
    assert probe_round_trip(store) == Probe(False, "not here", "install it")
    assert store.calls == ["put"]


def test_a_store_that_does_not_erase_does_not_work() -> None:
    store = MemoryStore()
    store.errors["erase"] = StoreError("boom")
    probe = probe_round_trip(store)
    assert not probe.works
    assert "boom" in probe.reason
    assert "dockhygiene-probe-" in probe.mend


def test_what_an_interrupted_probe_left_is_erased_by_a_later_one() -> None:
    """A fresh one stays: it may belong to another dockhygiene, at work at this moment."""
    store = MemoryStore()
    old, fresh, foreign = (
        f"dockhygiene-probe-{int(time.time()) - STALE_SECONDS - 60:x}-1.invalid",
        f"dockhygiene-probe-{int(time.time()):x}-2.invalid",
        "dockhygiene-probe-of-somebody.invalid",
    )
    for server in (old, fresh, foreign):
        store.put(Record(server, "probe", Secret("left behind")))
    assert probe_round_trip(store).works
    assert store.get(old) is None
    assert store.get(fresh) and store.get(foreign)
