"""Undoing a move: the old file is rebuilt from the store, and only if neither file nor store changed since."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.files.state import StateFolder
from checks.formats.docker_auth import read_auth_file
from checks.model.secret import FingerprintKey, Secret
from guides.edits.atomic import NotWritten, Target, replace
from guides.edits.credential_file import meaning, put_back
from guides.edits.digest import digest
from guides.move import journal
from guides.move.journal import JournalFile, Move, MoveState
from guides.stores.store import Record, Store, StoreError

MOST_BYTES = 16 * 1024 * 1024


class NotUndone(Exception):
    """The move stands as it is; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Restoration:
    """One file and its old version, which holds secrets again."""

    file: JournalFile
    target: Target
    now: bytes = dataclasses.field(repr=False)
    text: Secret = dataclasses.field(repr=False)

    @property
    def data(self) -> bytes:
        return self.text.reveal().encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing will do, checked and not yet done."""

    move: Move
    restorations: tuple[Restoration, ...]
    erased: tuple[str, ...]
    """Servers whose record leaves the store again: those that the move put there."""

    @property
    def logins(self) -> tuple[str, ...]:
        return tuple(entry.key for one in self.restorations for entry in one.file.emptied)


def plan_undo(move: Move, store: Store, key: FingerprintKey) -> UndoPlan:
    """Reads the store and the files, and rebuilds the old versions in memory. Raises NotUndone."""
    if move.state is not MoveState.DONE:
        raise NotUndone(f"move {move.id} is {move.state.value}: there is nothing to undo")
    secrets = {record.server: _held(record.server, record.fingerprint, store, key).secret for record in move.records}
    restorations = tuple(_restoration(file, secrets, key) for file in move.files)
    erased = tuple(record.server for record in move.records if record.before != "same")
    return UndoPlan(move, restorations, erased)


def undo(plan: UndoPlan, state: StateFolder, store: Store, told: Callable[[str], None] = lambda _: None) -> str:
    """Writes the files, then erases what the move had stored. Returns what remains to be done, or an empty text.

    Files come first: at every moment each login is in its file or in the store.
    """
    with state.lock("move.lock", wait=False):
        journal.write(state, _undoing(plan, state.key()))
        try:
            for one in plan.restorations:
                replace(one.target, Path(one.file.temporary), one.now, one.data)
                told(f"{one.file.path} is as it was")
        except NotWritten as error:
            journal.write(state, plan.move.at(MoveState.DONE, "an undo failed"))
            raise NotUndone(str(error)) from error
        remains = []
        needed = _needed_by_others(plan.move, state)
        for server in plan.erased:
            if server in needed:
                remains.append(f"{store.title} keeps {server}: another move relies on it")
                continue
            try:
                store.erase(server)
            except StoreError as error:
                remains.append(f"{store.title} still holds {server}: {error.reason}")
        journal.write(state, plan.move.at(MoveState.UNDONE, "the store keeps records" if remains else ""))
        return "; ".join(remains)


def _needed_by_others(move: Move, state: StateFolder) -> set[str]:
    """Servers that another finished move relies on: two files may have held the same login."""
    others = (other for other in journal.read_all(state).moves if other.id != move.id)
    return {record.server for other in others if other.state is MoveState.DONE for record in other.records}


def _undoing(plan: UndoPlan, key: FingerprintKey) -> Move:
    files = tuple(dataclasses.replace(one.file, undone=digest(key, one.data)) for one in plan.restorations)
    return dataclasses.replace(plan.move, state=MoveState.UNDOING, files=files)


def _held(server: str, fingerprint: str, store: Store, key: FingerprintKey) -> Record:
    try:
        record = store.get(server)
    except StoreError as error:
        raise NotUndone(f"{store.title} is needed for this, and does not answer: {error}") from error
    if not record:
        raise NotUndone(f"{store.title} does not hold {server} any more: log in again with docker login {server}")
    if key.of("record", record.username, record.secret) != fingerprint:
        raise NotUndone(f"the login of {server} in {store.title} was changed since: undoing would bring back neither")
    return record


def _restoration(file: JournalFile, secrets: dict[str, Secret], key: FingerprintKey) -> Restoration:
    path = Path(file.path)
    try:
        document = read_file(path, MOST_BYTES)
    except NotRead as error:
        raise NotUndone(f"{path}: {error.reason}") from error
    if digest(key, document.data) != file.after:
        raise NotUndone(f"{path} was changed since the move: undoing would discard that change")
    auth = read_auth_file(document.data)
    text = put_back(auth, file.rewrite, {index: secrets[server] for index, server in file.servers.items()})
    made = Restoration(file, Target.of(path), document.data, text)
    if key.of("meaning", meaning(read_auth_file(made.data))) != file.meaning:
        raise NotUndone(f"{path} could not be rebuilt exactly; nothing was changed. Log in again with docker login")
    return made
