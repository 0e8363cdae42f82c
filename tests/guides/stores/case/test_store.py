"""Replacing and probing, against stores that misbehave as no real one does on demand."""

from __future__ import annotations

import pytest

from checks.model.secret import Secret
from guides.stores.case.spelling import spell, unspell
from guides.stores.case.store import probe, replace
from guides.stores.store import Probe, StoreError, StoreLocked

OLD, NEW = Secret("old"), Secret("new")


class MemoryStore:
    """`answers` are taken one for each write: what then stands there, or the error that is raised."""

    id = title = "memory"

    def __init__(self, held: Secret | None = None) -> None:
        self.held = {"a/new": held} if held else {}
        self.answers: list[Secret | StoreError] = []
        self.deaf: dict[str, StoreError] = {}

    def probe(self) -> Probe:
        return probe(self)

    def get(self, name: str) -> Secret | None:
        self._called("get")
        return self.held.get(name)

    def put(self, name: str, secret: Secret) -> None:
        replace(self, name, secret)

    def write(self, name: str, secret: Secret) -> None:
        answer = self.answers.pop(0) if self.answers else secret
        if isinstance(answer, StoreError):
            raise answer
        self.held[name] = answer

    def erase(self, name: str) -> None:
        self._called("erase")
        self.held.pop(name, None)

    def names(self) -> tuple[str, ...]:
        return tuple(self.held)

    def _called(self, verb: str) -> None:
        if verb in self.deaf:
            raise self.deaf[verb]


def test_an_error_of_the_write_is_told_as_it_is() -> None:
    store = MemoryStore(OLD)
    error = StoreLocked("it is locked", "unlock it")
    store.answers = [error]
    with pytest.raises(StoreLocked) as failed:
        store.put("a/new", NEW)
    assert failed.value is error
    assert store.get("a/new") == OLD


@pytest.mark.parametrize("before", [OLD, None])
def test_what_does_not_read_back_makes_way_for_what_was_there(before: Secret | None) -> None:
    store = MemoryStore(before)
    store.answers = [Secret("ne")]
    with pytest.raises(StoreError, match="something else"):
        store.put("a/new", NEW)
    assert store.get("a/new") == before


def test_what_could_not_be_put_back_is_said_to_be_lost() -> None:
    store = MemoryStore(OLD)
    store.answers = [Secret("ne"), Secret("ol")]
    with pytest.raises(StoreError, match="held as a/new before is lost"):
        store.put("a/new", NEW)


def test_what_could_not_be_seen_is_said() -> None:
    store = MemoryStore(OLD)
    store.answers = [Secret("ne"), StoreLocked("it is locked")]
    with pytest.raises(StoreError, match="could not be seen"):
        store.put("a/new", NEW)


def test_a_part_that_could_not_be_erased_is_said() -> None:
    store = MemoryStore()
    store.answers = [Secret("ne")]
    store.deaf = {"erase": StoreError("no")}
    with pytest.raises(StoreError, match="may hold a part of a/new"):
        store.put("a/new", NEW)


def test_a_probe_says_why_and_leaves_nothing() -> None:
    store = MemoryStore()
    store.answers = [Secret("ne")]
    assert "something else" in store.probe().reason
    assert not store.held
    store.deaf = {"erase": StoreError("read only")}
    assert store.probe().reason == "memory does not erase: read only"
    store.deaf = {"get": StoreLocked("it is locked", "unlock it")}
    assert store.probe() == Probe(False, "it is locked", "unlock it")


@pytest.mark.parametrize("line", ["", "x", '"x', "[]", "null", "1", "[" * 100_000])
def test_what_is_no_spelling(line: str) -> None:
    with pytest.raises(StoreError, match="a/new is damaged") as failed:
        unspell(line, "a/new")
    assert len(str(failed.value)) < 200


def test_a_spelling_shows_no_value() -> None:
    assert "old" not in repr(spell(OLD))
