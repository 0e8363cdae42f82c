"""Doing a move: in order, proven, and taken back whole when any step fails."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from checks.files.state import StateError
from checks.model.secret import Secret
from guides.edits import atomic
from guides.move import apply as applying
from guides.move.apply import FileWritten, LoginProven, MoveFailed, MoveFinished, RecordStored, apply
from guides.move.journal import MoveState
from guides.move.plan import Wishes
from guides.stores.store import Record
from tests.guides.edits.documents import spellings
from tests.guides.move.machine import HUB, Machine, auth, docker_text, entry, fresh, token_entry
from tests.memory_store import MemoryStore

HOST = "registry.example:5000"
exchanges = atomic.exchange


def test_stored_then_written_then_proven(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry("alice", word := fresh())}})
    events = machine.move(store := MemoryStore())
    assert [type(event) for event in events] == [RecordStored, FileWritten, LoginProven, MoveFinished]
    proof = events[2]
    assert isinstance(proof, LoginProven)
    assert proof.proof.clients == ("docker", "docker-py", "podman and skopeo")
    assert store.records == {HOST: Record(HOST, "alice", Secret(word))}
    last = events[-1]
    assert isinstance(last, MoveFinished)
    assert (last.registries, last.came_back) == ((HOST,), ())
    assert machine.journalled(last.id).state is MoveState.DONE


def test_no_spelling_of_a_secret_is_left_below_home(machine: Machine) -> None:
    words = [f'{fresh()}"\u20ac<&', fresh(24), fresh()]
    machine.write({"auths": {HOST: entry("alice", words[0]), HUB: token_entry("alice", words[1])}})
    machine.write({"auths": {"quay.io": entry("bob", words[2])}}, machine.podman)
    machine.moved(MemoryStore())
    for path in machine.home.rglob("*"):
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        for word in words:
            assert not any(spelling in text for spelling in spellings(word)), path


def test_the_file_becomes_private_and_keeps_its_link(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}}, real := machine.home / "dotfiles/config.json")
    real.chmod(0o644)
    machine.config.parent.mkdir()
    machine.config.symlink_to("../dotfiles/config.json")
    machine.moved(MemoryStore())
    assert machine.config.readlink() == Path("../dotfiles/config.json")
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert machine.written(real)["auths"] == {HOST: {}}


def test_what_the_person_wrote_besides_stays(machine: Machine) -> None:
    before = {
        "x-mine": {"\u00fc": [1, None]},
        "auths": {HOST: entry()},
        "HttpHeaders": {"X": "y"},
        "aliases": {"b": "c"},
    }
    machine.write(before)
    machine.moved(MemoryStore())
    after = machine.written()
    assert list(after) == [*before, "credHelpers", "credsStore"]
    assert {name: after[name] for name in before if name != "auths"} == {
        name: value for name, value in before.items() if name != "auths"
    }


def test_moving_twice_changes_nothing_more(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.moved(store := MemoryStore())
    after = machine.everything()
    assert machine.plan(store).empty
    assert machine.everything() == after


def planted(machine: Machine) -> MemoryStore:
    """A new login, one that the store holds already, and one that replaces another."""
    same, other = fresh(), fresh()
    machine.write(
        {"auths": {HOST: entry(), "same.example": entry("carol", same), "other.example": entry("bob", fresh())}}
    )
    machine.write({"auths": {HUB: entry()}}, machine.podman)
    records = (Record("same.example", "carol", Secret(same)), Record("other.example", "bob", Secret(other)))
    return MemoryStore(*records)


WISHES = Wishes(answers={"store:other.example": "replace"})


def calls_of_a_move(machine: Machine) -> list[str]:
    store = planted(machine)
    plan = machine.plan_with(store, WISHES)
    store.forget_calls()
    list(apply(plan, machine.state))
    return [verb for verb, _ in store.calls]


def test_every_call_that_fails_leaves_files_and_store_as_they_were(tmp_path: Path) -> None:
    verbs = calls_of_a_move(Machine(tmp_path / "record"))
    assert {"get", "put", "erase"} <= set(verbs)
    for number, verb in enumerate(verbs):
        machine = Machine(tmp_path / str(number))
        store = planted(machine)
        plan = machine.plan_with(store, WISHES)
        files, records = machine.everything(), store.snapshot()
        store.forget_calls()
        store.fails = {number}
        last = list(apply(plan, machine.state))[-1]
        assert isinstance(last, MoveFailed), (number, verb, last)
        assert machine.everything() == files, (number, verb, last)
        assert store.snapshot() == records, (number, verb, last)
        assert not last.remains, (number, verb, last)


def test_no_wrong_answer_of_the_store_is_believed(tmp_path: Path) -> None:
    """Either the move ends with the right records in the store, or nothing has changed."""
    verbs = calls_of_a_move(Machine(tmp_path / "record"))
    failed = 0
    for number in [number for number, verb in enumerate(verbs) if verb == "get"]:
        machine = Machine(tmp_path / str(number))
        store = planted(machine)
        plan = machine.plan_with(store, WISHES)
        files, records = machine.everything(), store.snapshot()
        store.forget_calls()
        store.lies = {number}
        last = list(apply(plan, machine.state))[-1]
        if isinstance(last, MoveFinished):
            moved = {record.server: record for transfer in plan.transfers for record in transfer.records}
            assert store.records == moved, number
        else:
            failed += 1
            assert (machine.everything(), store.snapshot()) == (files, records), (number, last)
    assert failed > len(plan.transfers)


def test_a_store_that_dies_leaves_every_login_somewhere(tmp_path: Path) -> None:
    """Then not all can be taken back; nothing is lost, and what remains is said."""
    verbs = calls_of_a_move(Machine(tmp_path / "record"))
    for number in range(len(verbs)):
        machine = Machine(tmp_path / str(number))
        store = planted(machine)
        plan = machine.plan_with(store, WISHES)
        files, records = machine.everything(), store.snapshot()
        store.forget_calls()
        store.dies_at = number
        last = list(apply(plan, machine.state))[-1]
        assert isinstance(last, MoveFailed)
        assert machine.everything() == files
        assert store.snapshot() == records or last.remains or "could not be put back" in last.reason, (number, last)


def test_a_file_changed_since_the_plan_is_not_overwritten(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    store = MemoryStore()
    plan = machine.plan(store)
    foreign = machine.write({"auths": {HOST: entry(), "new.example": entry()}})
    last = list(apply(plan, machine.state))[-1]
    assert isinstance(last, MoveFailed)
    assert "changed by another program" in last.reason
    assert machine.config.read_bytes() == foreign
    assert store.records == {}
    assert machine.journalled(plan_id(machine)).state is MoveState.FAILED


def plan_id(machine: Machine) -> str:
    (name,) = machine.state.names("move-")[:1]
    return name.removeprefix("move-").removesuffix(".json")


def test_the_second_files_change_takes_back_the_first(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: entry()}})
    machine.write({"auths": {"quay.io": entry()}}, machine.podman)
    store = MemoryStore()
    plan = machine.plan(store)
    foreign = machine.write({"auths": {}, "x": 1}, machine.podman)
    assert isinstance(list(apply(plan, machine.state))[-1], MoveFailed)
    assert machine.config.read_bytes() == before
    assert machine.podman.read_bytes() == foreign
    assert store.records == {}


def test_a_login_at_the_moment_of_the_exchange_survives(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {"auths": {HOST: entry()}}
    machine.write(before)
    foreign = docker_text({"auths": {**before["auths"], "new.example": entry()}}).encode()

    def meddle(one: Path, other: Path) -> bool:
        monkeypatch.setattr(atomic, "exchange", exchanges)
        draft = other.with_name("config.json42")
        draft.write_bytes(foreign)
        draft.rename(other)
        return exchanges(one, other)

    monkeypatch.setattr(atomic, "exchange", meddle)
    store = MemoryStore()
    assert isinstance(machine.move(store)[-1], MoveFailed)
    assert machine.config.read_bytes() == foreign
    assert [path.name for path in machine.config.parent.iterdir()] == ["config.json"]
    assert store.records == {}
    monkeypatch.undo()
    machine.moved(store)
    assert set(store.records) == {HOST, "new.example"}


def test_a_login_written_back_right_after_us_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """docker had read the file before us: it writes the old login again, and our helpers are gone."""
    before = machine.write({"auths": {HOST: entry()}})
    replaces = applying.replace

    def replace_and_be_replaced(target: atomic.Target, temporary: Path, expected: bytes, new: bytes) -> None:
        replaces(target, temporary, expected, new)
        target.real.write_bytes(before)

    monkeypatch.setattr(applying, "replace", replace_and_be_replaced)
    last = machine.move(store := MemoryStore())[-1]
    assert isinstance(last, MoveFinished)
    assert last.came_back == (str(machine.config),)
    assert HOST in store.records


def test_another_login_in_the_store_since_the_plan_is_not_replaced(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: entry()}})
    store = MemoryStore()
    plan = machine.plan(store)
    theirs = Record(HOST, "bob", Secret(fresh()))
    store.records[HOST] = theirs
    last = list(apply(plan, machine.state))[-1]
    assert isinstance(last, MoveFailed)
    assert "another login" in last.reason
    assert store.records == {HOST: theirs}
    assert machine.config.read_bytes() == before


def test_two_moves_at_once_are_refused(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: entry()}})
    plan = machine.plan(MemoryStore())
    with machine.state.lock("move.lock"), pytest.raises(StateError, match="another dockhygiene"):
        list(apply(plan, machine.state))
    assert machine.config.read_bytes() == before


def test_a_pin_to_the_file_is_turned_and_comes_back(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: entry()}, "credHelpers": {HOST: ""}, "credsStore": "memory"})
    machine.moved(store := MemoryStore())
    assert machine.written()["credHelpers"] == {HOST: "memory"}
    machine.undo(store)
    assert machine.config.read_bytes() == before


def test_hard_links_do_not_stop_a_move(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: entry()}})
    os.link(machine.config, machine.home / "copy")
    machine.moved(MemoryStore())
    assert machine.written()["auths"] == {HOST: {}}
    assert (machine.home / "copy").read_bytes() == before


def test_the_largest_case(machine: Machine) -> None:
    words = {f"r{number}.example": fresh() for number in range(50)}
    machine.write({"auths": {host: {"auth": auth("u", word)} for host, word in words.items()}})
    machine.moved(store := MemoryStore())
    assert {host: record.secret.reveal() for host, record in store.records.items()} == words
