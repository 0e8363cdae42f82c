"""The journal: what it keeps, what it never keeps, and what is read of a damaged one."""

from __future__ import annotations

import json
import stat

import pytest

from guides.edits.digest import digest
from guides.move import journal
from guides.move.journal import MoveState
from guides.move.plan import Wishes
from tests.guides.edits.documents import spellings
from tests.guides.move.machine import HUB, Machine, entry, fresh, token_entry
from tests.memory_store import MemoryStore

HOST = "registry.example:5000"


def test_what_is_written_reads_back(machine: Machine) -> None:
    machine.write({"auths": {HOST: {**entry(), "x": 1}, HUB: token_entry(), "b\u00fc.example": entry()}})
    move = machine.moved(MemoryStore())
    journal.write(machine.state, move)
    assert journal.read_all(machine.state).find(move.id) == move


def test_a_path_that_is_no_text_reads_back(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> None:
    odd = Machine(tmp_path_factory.mktemp("odd") / "h\udcffme")
    odd.write({"auths": {HOST: entry()}})
    move = odd.moved(MemoryStore())
    assert move.files[0].path == str(odd.config)
    odd.undo(store_of(odd, move.id))


def store_of(machine: Machine, move: str) -> MemoryStore:
    """A fresh move and its store, since the first one's store is gone."""
    store = MemoryStore()
    journal.write(machine.state, machine.journalled(move).at(MoveState.FAILED))
    machine.write({"auths": {HOST: entry()}})
    machine.moved(store)
    return store


def test_it_holds_no_secret_and_no_text_of_the_file(machine: Machine) -> None:
    words = [fresh(), fresh(24), fresh()]
    neighbour = fresh()
    machine.write(
        {
            "auths": {
                HOST: entry("alice", words[0]),
                HUB: token_entry("bob", words[1]),
                "x": {"registrytoken": words[2]},
            },
            "HttpHeaders": {"X-Meta": neighbour},
        }
    )
    store = MemoryStore()
    machine.moved(store)
    held = b"".join(path.read_bytes() for path in machine.state.path.iterdir())
    machine.undo(store)
    held += b"".join(path.read_bytes() for path in machine.state.path.iterdir())
    text = held.decode("utf-8", "replace")
    for word in (*words, neighbour):
        assert not any(spelling in text for spelling in spellings(word))
    assert "X-Meta" not in text


def test_its_files_are_private(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.moved(MemoryStore())
    assert stat.S_IMODE(machine.state.path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in machine.state.path.iterdir()} == {0o600}


def test_digests_depend_on_the_key(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Machine(tmp_path_factory.mktemp("other") / "home")
    assert digest(machine.state.key(), b"same") != digest(other.state.key(), b"same")
    assert digest(machine.state.key(), b"\xff") != digest(machine.state.key(), b"\xc3\xbf")


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"schema": 2}',
        b'{"schema": 1, "id": "x"}',
    ],
)
def test_a_damaged_one_is_named_and_hides_no_other(machine: Machine, damage: bytes) -> None:
    machine.write({"auths": {HOST: entry()}})
    move = machine.moved(MemoryStore())
    machine.state.write("move-00000000.json", damage)
    held = journal.read_all(machine.state)
    assert [one.id for one in held.moves] == [move.id]
    assert held.damaged == (str(machine.state.path / "move-00000000.json"),)
    assert any("damaged" in notice.text for notice in machine.notices())


@pytest.mark.parametrize("field", ["schema", "state", "records", "files", "started", "note", "store", "id"])
@pytest.mark.parametrize("value", [None, 5, "text", [5], {"a": 1}])
def test_a_value_of_another_type_never_crashes_the_reader(machine: Machine, field: str, value: object) -> None:
    machine.write({"auths": {HOST: entry()}})
    move = machine.moved(MemoryStore())
    name = f"move-{move.id}.json"
    data = json.loads(machine.state.read(name) or b"")
    machine.state.write(name, json.dumps({**data, field: value}).encode())
    held = journal.read_all(machine.state)
    assert len(held.moves) + len(held.damaged) == 1
    machine.notices()


def test_the_last_is_the_last_that_is_done(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry(), "ghcr.io": entry()}})
    store = MemoryStore()
    first = machine.moved(store, Wishes(registries=("ghcr.io",)))
    second = machine.moved(store, Wishes(registries=(HOST,)))
    assert machine.journalled("last").id == second.id
    journal.write(machine.state, second.at(MoveState.UNDONE))
    assert machine.journalled("last").id == first.id
    assert journal.read_all(machine.state).find("no-such-move") is None


def test_only_states_in_the_middle_are_open() -> None:
    assert {state for state in MoveState if state.open} == {MoveState.STORING, MoveState.WRITING, MoveState.UNDOING}
