"""What an interrupted move left behind, and whether a finished one still holds: told at every start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.files.state import StateFolder
from checks.formats.docker_auth import read_auth_file
from checks.model.secret import FingerprintKey
from guides.edits.atomic import Target, exchange
from guides.edits.digest import digest
from guides.move import journal
from guides.move.journal import JournalFile, Move, MoveState
from guides.move.notice import Notice
from guides.move.undo import MOST_BYTES


def recover(state: StateFolder) -> tuple[Notice, ...]:
    """Cleans up after interrupted moves, and looks whether plain text came back. Raises StateError."""
    key = state.key()
    held = journal.read_all(state)
    notices = [
        Notice(f"{path} is damaged: what it recorded cannot be undone.", "Move it away.") for path in held.damaged
    ]
    for move in held.moves:
        if move.state.open:
            with state.lock("move.lock", wait=False):
                now = journal.read_all(state).find(move.id)  # it may have ended while we looked
                if now and now.state.open:
                    notices += _close(now, state, key)
    return (*notices, *_came_back(held.moves))


def _close(move: Move, state: StateFolder, key: FingerprintKey) -> Iterator[Notice]:
    """Decides by the files how far the move got, removes its temporary files, and closes its journal."""
    for file in move.files:
        yield from _remove_temporary(file, move, key)
    undoing = move.state is MoveState.UNDOING
    moved = tuple(file for file in move.files if _digest(file.path, key) == file.after)
    if undoing and not moved:
        journal.write(state, move.at(MoveState.UNDONE, "recovered"))
        yield Notice("An undo was interrupted: the files are as they were before the move.", _ERASE.format(move.store))
        return
    if not moved:
        journal.write(state, move.at(MoveState.FAILED, "interrupted"))
        yield Notice("A move was interrupted before any file was changed: the logins are where they were.", _AGAIN)
        return
    journal.write(state, replace(move, state=MoveState.DONE, files=moved, note="recovered"))
    where = "the logins are" if len(moved) == len(move.files) else "some logins are in their file, the others are"
    yield Notice(
        f"{'An undo' if undoing else 'A move'} was interrupted: {where} in the store {move.store}.",
        f"dockhygiene undo {move.id} takes back what was moved; dockhygiene move --all moves the rest.",
    )


_AGAIN = "dockhygiene move --all goes on where it stopped."
_ERASE = "The store {} may still hold a copy; docker logout REGISTRY removes it."


def _remove_temporary(file: JournalFile, move: Move, key: FingerprintKey) -> Iterator[Notice]:
    """The temporary file holds our next version, the old one after the exchange, or somebody else's write."""
    temporary = Path(file.temporary)
    held = _digest(file.temporary, key)
    now = _digest(file.path, key)
    if not held:
        return
    exchanged = now == (file.undone if move.state is MoveState.UNDOING else file.after)
    ours = held in (file.before, file.after, file.undone)
    if exchanged and not ours:
        # Killed between exchanging the files and looking at what came out: a foreign write came out. Put it back.
        exchange(temporary, Target.of(Path(file.path)).real)
        ours = True
    if ours or now in (file.before, file.after):
        temporary.unlink()
        return
    yield Notice(f"{temporary} was left by an interrupted move, and may hold a login.", "Look at it, then delete it.")


def _digest(path: str, key: FingerprintKey) -> str:
    """Digest of the file, or an empty text where there is none to be read."""
    try:
        return digest(key, read_file(Path(path), MOST_BYTES).data)
    except NotRead:
        return ""


def _came_back(moves: Iterable[Move]) -> Iterator[Notice]:
    """Logins that were moved and stand in plain text again: a `docker login` that read the file before the move."""
    settled = [move for move in moves if move.state in (MoveState.DONE, MoveState.UNDONE)]
    last = {(file.path, entry.key): (move, entry) for move in settled for file in move.files for entry in file.emptied}
    for (path, key), (move, emptied) in last.items():
        if move.state is not MoveState.DONE:
            continue
        try:
            auth = read_auth_file(read_file(Path(path), MOST_BYTES).data)
        except NotRead:
            continue
        gone = {removed.field for removed in emptied.removed if removed.holds_secret}
        back = [entry for entry in auth.entries if entry.key == key and gone & {held.field for held in entry.secrets}]
        if back:
            yield Notice(
                f"{key} stands in plain text again in {path}: it was moved to {move.store}, and written back since.",
                "dockhygiene move --all moves it again.",
            )
