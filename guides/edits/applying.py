"""Makes a planned edit, takes it back, and tells after a kill how far it got.

The caller journals the record before it calls `apply`, and keeps what the edit removes in a store: undo needs both.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from checks import shell_history
from checks.files.reading import NotRead, read_file
from checks.model.finding import Finding
from checks.model.secret import FingerprintKey, Secret
from checks.model.workstation import MEBIBYTE
from guides.edits.atomic import ChangedMeanwhile, NotWritten, Target, exchange, replace, temporary_for
from guides.edits.creating import create, take_away
from guides.edits.digest import digest
from guides.edits.edit import Cut, ValueEdit, Way, spliced

MOST_BYTES = max(64 * MEBIBYTE, shell_history.LARGEST * 2)


class NotProven(Exception):
    """The file was written, and reads otherwise than was planned; the message says what to do."""


@dataclass(frozen=True, slots=True)
class JournalSplice:
    """Where the old file had `length` bytes at `start`, the new one has `new_length` others."""

    start: int
    length: int
    new_length: int


@dataclass(frozen=True, slots=True)
class EditRecord:
    """What a journal keeps of an edit: no secret, no text of the file. Digests are keyed."""

    path: str
    way: Way
    check: str
    before: str
    after: str
    splices: tuple[JournalSplice, ...]
    temporary: str
    """Where the next version is written first; journalled before it is made."""

    @classmethod
    def of(cls, edit: ValueEdit) -> Self:
        splices = tuple(JournalSplice(cut.start, cut.end - cut.start, len(cut.new)) for cut in edit.cuts)
        temporary = str(temporary_for(edit.target))
        return cls(str(edit.path), edit.way, edit.check.id, edit.before, edit.after, splices, temporary)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raises ValueError, KeyError or TypeError for what is no record."""
        splices = tuple(JournalSplice(**{name: int(value) for name, value in one.items()}) for one in data["splices"])
        texts = {name: str(data[name]) for name in ("path", "check", "before", "after", "temporary")}
        return cls(way=Way(data["way"]), splices=splices, **texts)


def apply(edit: ValueEdit, temporary: Path) -> None:
    """Writes the file, provided that it is as it was planned for, and reads it again.

    Raises ChangedMeanwhile where it is not: plan again. Raises NotWritten where it cannot be written, NotProven where
    another program wrote the old secret back at once.
    """
    if not edit.before:
        create(edit.path, temporary, spliced(b"", edit.cuts))
        return
    data = _read(edit.path)
    key = edit.workstation.key
    if digest(key, data) != edit.before or Target.of(edit.path) != edit.target:
        raise ChangedMeanwhile(f"{edit.path} was changed since this edit was planned; look again")
    new = spliced(data, edit.cuts)
    replace(edit.target, temporary, data, new, keep_mode=True)
    if _read(edit.path) != new:
        raise ChangedMeanwhile(f"{edit.path} was written by another program right after; look again")
    found = [one for one in edit.check.read(edit.workstation, edit.path) if isinstance(one, Finding)]
    if any(one.secret == edit.old for one in found):
        raise NotProven(f"{edit.path}: the old value is still found there; look again")


def undo(record: EditRecord, removed: tuple[Secret, ...], key: FingerprintKey) -> None:
    """Writes the old bytes again: the new file, with what was cut out put back.

    Raises NotWritten where the file or the texts are not those of the record, or the file cannot be written.
    """
    path = Path(record.path)
    data = _read(path)
    if digest(key, data) != record.after:
        raise ChangedMeanwhile(f"{path} was changed since the edit: undoing would discard that change")
    if not record.before:
        take_away(path)
        return
    if len(removed) != len(record.splices):
        raise NotWritten(f"{path}: the store no longer holds all that was taken out of it; nothing was changed")
    old = spliced(data, _reversed(record, removed))
    if digest(key, old) != record.before:
        raise NotWritten(f"{path}: the store holds something else than was taken out of it; nothing was changed")
    replace(Target.of(path), Path(record.temporary), data, old, keep_mode=True)
    if _read(path) != old:
        raise ChangedMeanwhile(f"{path} was written by another program right after; look again")


def _reversed(record: EditRecord, removed: tuple[Secret, ...]) -> list[Cut]:
    cuts, shift = [], 0
    for splice, text in zip(record.splices, removed, strict=True):
        start = splice.start + shift
        cuts.append(Cut(start, start + splice.new_length, _bytes(text)))
        shift += splice.new_length - splice.length
    return cuts


def _bytes(removed: Secret) -> bytes:
    try:
        return removed.reveal().encode("latin-1")
    except UnicodeEncodeError:
        return b""  # nothing of ours: the digest will tell


class EditState(StrEnum):
    """What an interrupted edit, or its undo, left in the file."""

    BEFORE = "the file is as it was before the edit"
    AFTER = "the edit was made"
    OTHER = "the file was changed by another program"


@dataclass(frozen=True, slots=True)
class Recovered:
    state: EditState
    left: str = ""
    """A temporary file that may hold a secret, and that is not known to be ours: to be looked at, then deleted."""


def recover(record: EditRecord, key: FingerprintKey, *, undoing: bool = False) -> Recovered:
    """Decides by the files how far an interrupted edit got, and removes its temporary file. Can be called again."""
    left = _remove_temporary(record, key, undoing=undoing)
    now = _digest(Path(record.path), key)
    state = {record.before: EditState.BEFORE, record.after: EditState.AFTER}.get(now, EditState.OTHER)
    return Recovered(state, left)


def _remove_temporary(record: EditRecord, key: FingerprintKey, *, undoing: bool) -> str:
    """It holds our next version or a part of it; after the exchange the old one, or somebody else's write."""
    temporary = Path(record.temporary)
    held = _digest(temporary, key)
    if not held:
        return ""
    now = _digest(Path(record.path), key)
    written = record.before if undoing else record.after
    ours = held in (record.before, record.after)
    if not ours and now == written:
        # Killed between exchanging the files and looking at what came out: a foreign write came out. Put it back.
        ours = exchange(temporary, Target.of(Path(record.path)).real)
    if ours or now in (record.before, record.after):
        temporary.unlink(missing_ok=True)
        return ""
    return str(temporary)


def _read(path: Path) -> bytes:
    try:
        return read_file(path, MOST_BYTES).data
    except NotRead as error:
        raise NotWritten(f"{path}: {error.reason}") from error


def _digest(path: Path, key: FingerprintKey) -> str:
    """Of a file, or an empty text where there is none to be read."""
    try:
        return digest(key, read_file(path, MOST_BYTES).data)
    except NotRead:
        return ""
