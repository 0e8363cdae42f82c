"""What the next start does and says after a program was killed, or after somebody wrote plain text back."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.files.state import StateError
from guides.edits import atomic
from guides.move import journal
from guides.move.apply import apply
from guides.move.journal import Move, MoveState
from guides.move.plan import Wishes
from guides.move.undo import plan_undo, undo
from tests.guides.move.machine import Machine, entry
from tests.memory_store import MemoryStore

HOST = "registry.example:5000"


class Killed(BaseException):
    """Stands for SIGKILL: nobody catches it. tests/end_to_end/test_crash.py kills for real, everywhere."""


def stop_at_exchange(monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    exchanges = atomic.exchange

    def kill(one: Path, other: Path) -> bool:
        if after:
            exchanges(one, other)
        raise Killed

    monkeypatch.setattr(atomic, "exchange", kill)


def stop_at_second_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    exchanges, calls = atomic.exchange, []

    def kill(one: Path, other: Path) -> bool:
        calls.append(one)
        if len(calls) == 2:
            raise Killed
        return exchanges(one, other)

    monkeypatch.setattr(atomic, "exchange", kill)


def the_move(machine: Machine) -> Move:
    (move,) = journal.read_all(machine.state).moves
    return move


def only_config(machine: Machine) -> None:
    assert [path.name for path in machine.config.parent.iterdir()] == ["config.json"]


def test_nothing_to_say(machine: Machine) -> None:
    assert machine.notices() == ()
    machine.write({"auths": {HOST: entry()}})
    store = MemoryStore()
    machine.moved(store)
    assert machine.notices() == ()
    machine.undo(store)
    assert machine.notices() == ()


def test_killed_before_the_exchange(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    before = machine.write({"auths": {HOST: entry()}})
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_exchange(patch, after=False)
        machine.move(store := MemoryStore())
    assert len(list(machine.config.parent.iterdir())) == 2
    (notice,) = machine.notices()
    assert "before any file was changed" in notice.text
    only_config(machine)
    assert machine.config.read_bytes() == before
    assert the_move(machine).state is MoveState.FAILED
    machine.moved(store)
    assert machine.notices() == ()


def test_killed_after_the_exchange_no_secret_stays_in_the_temporary_file(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = machine.write({"auths": {HOST: entry()}})
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_exchange(patch, after=True)
        machine.move(store := MemoryStore())
    (notice,) = machine.notices()
    assert "the logins are in the store memory" in notice.text
    assert "undo" in notice.action
    only_config(machine)
    assert machine.written()["auths"] == {HOST: {}}
    machine.undo(store)
    assert machine.config.read_bytes() == before


def test_killed_after_a_foreign_write_came_out_of_the_exchange(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The temporary file then is the only copy of somebody's new login: it goes back to where it was."""
    machine.write({"auths": {HOST: entry()}})
    plan = machine.plan(MemoryStore())
    foreign = machine.write({"auths": {HOST: entry(), "new.example": entry()}})
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_exchange(patch, after=True)
        list(apply(plan, machine.state))
    assert machine.config.read_bytes() != foreign
    (notice,) = machine.notices()
    assert "before any file was changed" in notice.text
    assert machine.config.read_bytes() == foreign
    only_config(machine)


def test_a_temporary_file_of_unknown_content_is_kept_and_named(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.write({"auths": {HOST: entry()}})
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_exchange(patch, after=False)
        machine.move(MemoryStore())
    temporary = Path(the_move(machine).files[0].temporary)
    temporary.write_bytes(b'{"auths": {"who.example": {}}}')
    machine.write({"auths": {}, "somebody": "else"})
    notices = machine.notices()
    assert temporary.exists()
    assert any(str(temporary) in notice.text and "delete" in notice.action for notice in notices)


def test_a_half_written_temporary_file_is_removed(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    before = machine.write({"auths": {HOST: entry()}})
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_exchange(patch, after=False)
        machine.move(MemoryStore())
    temporary = Path(the_move(machine).files[0].temporary)
    temporary.write_bytes(temporary.read_bytes()[:40])
    machine.notices()
    only_config(machine)
    assert machine.config.read_bytes() == before


def test_killed_between_two_files(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    first = machine.write({"auths": {HOST: entry()}})
    second = machine.write({"auths": {"quay.io": entry()}}, machine.podman)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_second_exchange(patch)
        machine.move(store := MemoryStore())
    (notice,) = machine.notices()
    assert "some logins are in their file, the others are in the store" in notice.text
    assert machine.config.read_bytes() != first
    assert machine.podman.read_bytes() == second
    machine.moved(store)
    assert machine.written(machine.podman)["auths"] == {"quay.io": {}}
    machine.undo(store)
    machine.undo(store)
    assert (machine.config.read_bytes(), machine.podman.read_bytes()) == (first, second)
    assert store.records == {}


def test_undoing_the_recovered_half_keeps_what_the_other_half_relies_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both records were stored by the killed move; its second file was moved by another one."""
    first = machine.write({"auths": {HOST: entry()}})
    machine.write({"auths": {"quay.io": entry()}}, machine.podman)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_second_exchange(patch)
        machine.move(store := MemoryStore())
    machine.notices()
    half = the_move(machine)
    machine.moved(store)
    machine.undo(store, half.id)
    assert machine.config.read_bytes() == first
    assert machine.written(machine.podman)["auths"] == {"quay.io": {}}
    assert set(store.records) == {"quay.io"}


@pytest.mark.parametrize("after", [False, True])
def test_an_undo_killed_at_the_exchange(machine: Machine, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    before = machine.write({"auths": {HOST: entry()}})
    move = machine.moved(store := MemoryStore())
    plan = plan_undo(move, store, machine.state.key())
    moved = machine.config.read_bytes()
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_exchange(patch, after=after)
        undo(plan, machine.state, store)
    (notice,) = machine.notices()
    only_config(machine)
    assert HOST in store.records
    if after:
        assert "as they were before the move" in notice.text
        assert "docker logout" in notice.action
        assert machine.config.read_bytes() == before
        assert the_move(machine).state is MoveState.UNDONE
    else:
        assert "the logins are in the store" in notice.text
        assert machine.config.read_bytes() == moved
        machine.undo(store)
        assert machine.config.read_bytes() == before


def test_an_undo_killed_between_two_files(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    first = machine.write({"auths": {HOST: entry()}})
    second = machine.write({"auths": {"quay.io": entry()}}, machine.podman)
    move = machine.moved(store := MemoryStore())
    plan = plan_undo(move, store, machine.state.key())
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_second_exchange(patch)
        undo(plan, machine.state, store)
    (notice,) = machine.notices()
    assert "some logins are in their file, the others are in the store" in notice.text
    assert set(store.records) == {HOST, "quay.io"}
    machine.undo(store)
    assert (machine.config.read_bytes(), machine.podman.read_bytes()) == (first, second)


def test_a_login_written_back_is_told_until_it_is_gone(machine: Machine) -> None:
    before = machine.write({"auths": {HOST: entry(), "ghcr.io": entry()}})
    store = MemoryStore()
    machine.moved(store)
    machine.config.write_bytes(before)
    notices = machine.notices()
    assert [notice.text.split()[0] for notice in notices] == [HOST, "ghcr.io"]
    assert all("stands in plain text again" in notice.text for notice in notices)
    assert len(machine.notices()) == 2
    machine.moved(store)
    assert machine.notices() == ()


def test_an_undone_login_is_no_surprise(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    store = MemoryStore()
    machine.moved(store)
    machine.undo(store)
    assert machine.notices() == ()
    machine.moved(store)
    machine.undo(store)
    assert machine.notices() == ()


def test_a_login_that_was_chosen_to_stay_is_no_surprise(machine: Machine) -> None:
    machine.write({"auths": {HOST: {**entry("alice"), "identitytoken": "token"}}})
    machine.moved(MemoryStore(), Wishes(answers={f"both:{machine.config}:{HOST}": "token"}))
    assert machine.notices() == ()


def test_a_file_that_is_gone_is_no_surprise(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.moved(MemoryStore())
    machine.config.unlink()
    assert machine.notices() == ()


def test_while_another_move_runs_its_files_are_left_alone(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.write({"auths": {HOST: entry()}})
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stop_at_exchange(patch, after=False)
        machine.move(MemoryStore())
    temporary = Path(the_move(machine).files[0].temporary)
    with machine.state.lock("move.lock"), pytest.raises(StateError):
        machine.notices()
    assert temporary.exists()
    machine.notices()
    assert not temporary.exists()
