"""The journal of moves: positions and fingerprints, never file text, never a secret.

One file per move in the state folder, written before each act and after it, so that a program killed anywhere can tell
at its next start what was done.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from checks.files.state import StateFolder
from guides.edits.credential_file import EmptiedEntry, RemovedMember, Rewrite

_PREFIX = "move-"
_SCHEMA = 1


class MoveState(StrEnum):
    """How far a move got. What comes after WRITING is decided by looking at the files, not by this word."""

    STORING = "storing"
    WRITING = "writing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"

    @property
    def open(self) -> bool:
        """Whether a program was in the middle of something."""
        return self in (MoveState.STORING, MoveState.WRITING, MoveState.UNDOING)


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """One record of the store: `before` is absent, same or other, as it was found before the move."""

    server: str
    username: str
    fingerprint: str
    before: str


@dataclass(frozen=True, slots=True)
class JournalFile:
    """One file that the move changes. Digests are keyed; `temporary` is journalled before it is made."""

    path: str
    flavour: str
    temporary: str
    before: str
    after: str
    meaning: str
    """Fingerprint of what the file said before, spelling aside."""
    emptied: tuple[EmptiedEntry, ...]
    servers: dict[int, str]
    helpers_before: dict[str, str | None]
    creds_store_before: str | None
    added: tuple[str, ...]
    """Top-level members that were not there before."""
    undone: str = ""
    """Digest of the version that an undo writes; its spelling may differ from the first one's."""

    @property
    def rewrite(self) -> Rewrite:
        """The rewrite as far as undoing needs it."""
        return Rewrite("", self.emptied, self.helpers_before, self.creds_store_before, self.added)


@dataclass(frozen=True, slots=True)
class Move:
    """One journalled move."""

    id: str
    state: MoveState
    started: float
    """Seconds since the epoch."""
    store: str
    records: tuple[JournalRecord, ...]
    files: tuple[JournalFile, ...]
    note: str = ""

    def at(self, state: MoveState, note: str = "") -> Move:
        return replace(self, state=state, note=note)


@dataclass(frozen=True, slots=True)
class Journal:
    """All moves, oldest first, and the files that cannot be read as one."""

    moves: tuple[Move, ...]
    damaged: tuple[str, ...]

    def find(self, name: str) -> Move | None:
        """The move of this id, or the last finished one for "last"."""
        if name == "last":
            return next((move for move in reversed(self.moves) if move.state is MoveState.DONE), None)
        return next((move for move in self.moves if move.id == name), None)


def new_move(store: str, records: tuple[JournalRecord, ...], files: tuple[JournalFile, ...]) -> Move:
    return Move(secrets.token_hex(4), MoveState.STORING, time.time(), store, records, files)


def write(state: StateFolder, move: Move) -> None:
    data = {"schema": _SCHEMA, **asdict(move)}
    state.write(f"{_PREFIX}{move.id}.json", json.dumps(data, indent=1).encode("utf-8", "surrogatepass"))


def read_all(state: StateFolder) -> Journal:
    """Reads every journalled move; what cannot be read is named, never hidden."""
    moves, damaged = [], []
    for name in state.names(_PREFIX):
        if not name.endswith(".json"):
            continue
        data = state.read(name) or b""
        try:
            moves.append(_load(json.loads(data.decode("utf-8", "surrogatepass"))))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            damaged.append(str(state.path / name))
    return Journal(tuple(sorted(moves, key=lambda move: move.started)), tuple(damaged))


def _load(data: dict[str, Any]) -> Move:
    if data.pop("schema") != _SCHEMA:
        raise ValueError("another schema")
    fields: dict[str, Any] = dict(data)
    fields["state"] = MoveState(str(data["state"]))
    fields["records"] = tuple(JournalRecord(**record) for record in _list(data["records"]))
    fields["files"] = tuple(_load_file(file) for file in _list(data["files"]))
    return Move(**fields)


def _load_file(data: dict[str, Any]) -> JournalFile:
    emptied = tuple(
        EmptiedEntry(
            int(str(entry["index"])), str(entry["key"]), tuple(RemovedMember(**one) for one in _list(entry["removed"]))
        )
        for entry in _list(data["emptied"])
    )
    servers = data["servers"]
    assert isinstance(servers, dict)
    numbered = {int(index): str(server) for index, server in servers.items()}
    added = tuple(str(name) for name in data["added"])
    return JournalFile(**{**data, "emptied": emptied, "servers": numbered, "added": added})


def _list(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise TypeError("a list belongs here")
    return value
