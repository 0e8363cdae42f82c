"""Undoing: the old file from the store that now holds the secrets, or a refusal that says why."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from checks.files.state import StateError
from checks.formats.docker_auth import read_auth_file
from checks.model.secret import Secret
from guides.edits import atomic
from guides.edits.credential_file import meaning
from guides.move.journal import MoveState
from guides.move.plan import Wishes
from guides.move.undo import NotUndone, plan_undo, undo
from guides.stores.store import Record
from tests.guides.move.machine import HUB, Machine, auth, entry, fresh, token_entry
from tests.memory_store import MemoryStore

HOST = "registry.example:5000"
ALL = {
    HOST: lambda: entry("alice", 'p:w"x y \u20ac'),
    HUB: lambda: token_entry("bob"),
    f"{HUB}refresh-token": lambda: entry("bob"),
    "ghcr.io": lambda: {"username": "carol", "password": fresh(), "x-unknown": [1]},
    "left.example": lambda: {"registrytoken": fresh()},
}


@pytest.mark.parametrize("indent", ["\t", 2, None])
@pytest.mark.parametrize("helpers", [None, {}, {"kept": "k", HOST: "old"}])
def test_the_file_comes_back_byte_for_byte(
    machine: Machine, indent: str | int | None, helpers: dict[str, str] | None
) -> None:
    document = {"auths": {host: make() for host, make in ALL.items()}, "credHelpers": helpers, "x": 1}
    if helpers is None:
        del document["credHelpers"]
    before = machine.write(json.dumps(document, indent=indent, ensure_ascii=False))
    store = MemoryStore()
    move = machine.moved(store)
    assert machine.config.read_bytes() != before
    assert machine.undo(store) == ""
    assert machine.config.read_bytes() == before
    assert store.records == {}
    assert machine.journalled(move.id).state is MoveState.UNDONE


def test_another_spelling_comes_back_with_the_same_meaning(machine: Machine) -> None:
    """Line breaks inside base64 and escapes of a string are spelling; nobody keeps the text to restore them."""
    encoded = auth("alice", fresh(40))
    spelled = f'{{ "auths" : {{ "h" : {{ "auth" : "{encoded[:20]}\\n{encoded[20:]}" , "x":1 }} }} }} \n'
    before = machine.write(spelled)
    store = MemoryStore()
    machine.moved(store)
    machine.undo(store)
    assert meaning(read_auth_file(machine.config.read_bytes())) == meaning(read_auth_file(before))


def test_all_files_of_the_move_come_back(machine: Machine) -> None:
    first = machine.write({"auths": {HOST: entry()}})
    second = machine.write({"auths": {"quay.io": entry(), "quay.io/acme": entry()}}, machine.podman)
    machine.moved(store := MemoryStore())
    machine.undo(store)
    assert (machine.config.read_bytes(), machine.podman.read_bytes()) == (first, second)


def test_what_the_store_held_before_stays_in_it(machine: Machine) -> None:
    word = fresh()
    machine.write({"auths": {HOST: entry("alice", word), "ghcr.io": entry()}})
    store = MemoryStore(held := Record(HOST, "alice", Secret(word)))
    machine.moved(store)
    machine.undo(store)
    assert store.records == {HOST: held}


def test_a_replaced_record_is_gone_and_the_file_is_back(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: entry("alice")}})
    store = MemoryStore(Record(HOST, "bob", Secret(fresh())))
    machine.moved(store, Wishes(answers={f"store:{HOST}": "replace"}))
    machine.undo(store)
    assert machine.config.read_bytes() == before
    assert store.records == {}


def test_a_choice_between_token_and_password_is_undone(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: {**entry("alice"), "identitytoken": fresh(), "z": 1}}})
    for answer in ("token", "password"):
        store = MemoryStore()
        machine.moved(store, Wishes(answers={f"both:{machine.config}:{HOST}": answer}))
        machine.undo(store)
        assert machine.config.read_bytes() == before
        assert store.records == {}


def test_a_link_is_followed_and_kept(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: entry()}}, real := machine.home / "dotfiles/config.json")
    machine.config.parent.mkdir()
    machine.config.symlink_to("../dotfiles/config.json")
    machine.moved(store := MemoryStore())
    machine.undo(store)
    assert real.read_bytes() == before
    assert machine.config.readlink() == Path("../dotfiles/config.json")


def test_planning_changes_nothing_and_shows_no_secret(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry("alice", word := fresh())}})
    move = machine.moved(store := MemoryStore())
    before, records = machine.everything(), store.snapshot()
    plan = plan_undo(move, store, machine.state.key())
    assert (machine.everything(), store.snapshot()) == (before, records)
    assert (plan.logins, plan.erased) == ((HOST,), (HOST,))
    assert word not in repr(plan) and auth("alice", word) not in repr(plan)


def refused(machine: Machine, store: MemoryStore) -> str:
    """The refusal, after which nothing has changed."""
    before, records = machine.everything(), store.snapshot()
    with pytest.raises(NotUndone) as caught:
        machine.undo(store)
    assert (machine.everything(), store.snapshot()) == (before, records)
    return str(caught.value)


def test_a_file_that_changed_since_is_refused(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.moved(store := MemoryStore())
    machine.config.write_bytes(machine.config.read_bytes() + b"\n")
    assert "changed since the move" in refused(machine, store)


def test_a_file_that_is_gone_is_refused(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.moved(store := MemoryStore())
    machine.config.unlink()
    assert "not there" in refused(machine, store)


def test_a_store_that_holds_another_login_is_refused(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.moved(store := MemoryStore())
    store.records[HOST] = Record(HOST, "alice", Secret(fresh()))
    assert "changed since" in refused(machine, store)


def test_a_store_that_lost_the_login_is_refused(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.moved(store := MemoryStore())
    store.records.clear()
    assert "docker login" in refused(machine, store)


def test_a_store_that_does_not_answer_is_refused(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.moved(store := MemoryStore())
    store.deaf = {"get"}
    assert "does not answer" in refused(machine, store)


def test_an_undone_move_is_not_undone_again(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    move = machine.moved(store := MemoryStore())
    machine.undo(store)
    with pytest.raises(NotUndone, match="nothing to undo"):
        plan_undo(machine.journalled(move.id), store, machine.state.key())


def test_a_change_between_plan_and_act_is_not_overwritten(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    move = machine.moved(store := MemoryStore())
    plan = plan_undo(move, store, machine.state.key())
    foreign = machine.write({"auths": {"new.example": entry()}})
    with pytest.raises(NotUndone, match="another program"):
        undo(plan, machine.state, store)
    assert machine.config.read_bytes() == foreign
    assert HOST in store.records
    assert machine.journalled(move.id).state is MoveState.DONE


def test_a_failed_second_file_leaves_every_login_somewhere(machine: Machine) -> None:
    """The first file is restored, the second one changed meanwhile: the store must keep what both need."""
    machine.write({"auths": {HOST: entry()}})
    machine.write({"auths": {"quay.io": entry()}}, machine.podman)
    move = machine.moved(store := MemoryStore())
    plan = plan_undo(move, store, machine.state.key())
    foreign = machine.write({"x": 1}, machine.podman)
    with pytest.raises(NotUndone):
        undo(plan, machine.state, store)
    assert set(store.records) == {HOST, "quay.io"}
    assert machine.podman.read_bytes() == foreign


def test_a_store_that_does_not_erase_is_said(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: entry()}})
    machine.moved(store := MemoryStore())
    store.deaf = {"erase"}
    assert HOST in machine.undo(store)
    assert machine.config.read_bytes() == before


def test_a_folder_that_became_read_only_is_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.moved(store := MemoryStore())
    opens = os.open

    def no_new_files(path: object, flags: int, *more: int) -> int:
        if flags & os.O_EXCL and str(path).startswith(str(machine.config.parent)):
            raise PermissionError(13, "Permission denied")
        return opens(path, flags, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(atomic.os, "open", no_new_files)
    assert "Permission denied" in refused(machine, store)
    assert HOST in store.records


def test_two_undos_at_once(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    move = machine.moved(store := MemoryStore())
    plan = plan_undo(move, store, machine.state.key())
    with machine.state.lock("move.lock"), pytest.raises(StateError):
        undo(plan, machine.state, store)
    assert HOST in store.records


def test_moves_are_undone_in_turn(machine: Machine) -> None:
    first = machine.write({"auths": {HOST: entry(), "ghcr.io": entry()}})
    store = MemoryStore()
    machine.moved(store, Wishes(registries=("ghcr.io",)))
    machine.moved(store, Wishes(registries=(HOST,)))
    machine.undo(store)
    machine.undo(store)
    assert machine.config.read_bytes() == first
    assert store.records == {}


def test_a_record_that_another_move_relies_on_stays(machine: Machine) -> None:
    """The same login was moved out of two files, one after the other: the second one has no other copy."""
    login = entry("alice")
    before = machine.write({"auths": {"quay.io": login}})
    store = MemoryStore()
    first = machine.moved(store)
    machine.write({"auths": {"quay.io": login}}, machine.podman)
    second = machine.moved(store)
    assert "keeps quay.io" in machine.undo(store, first.id)
    assert machine.config.read_bytes() == before
    assert "quay.io" in store.records
    machine.undo(store, second.id)
    assert machine.written(machine.podman)["auths"]["quay.io"] == login
