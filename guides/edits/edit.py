"""One change of one file that holds an old secret, or what is left to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from checks.model.check import Check
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.edits.atomic import Target


class Way(StrEnum):
    """What stands in a file afterwards, where the old secret stood."""

    VALUE = "value"
    """The new secret. It works, and is still plain text."""
    VARIABLE = "variable"
    """The name of a variable that holds it."""
    REFERENCE = "reference"
    """What names it in a manager, where dockhygiene resolves that for who reads the file."""
    NOTHING = "nothing"
    """Nothing: the line that only set it is taken out."""
    MOUNT = "mount"
    """In a Dockerfile, a mount: the build is given the secret, and the image does not get it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Replaces the bytes from `start` to `end`, offsets of the old file."""

    start: int
    end: int
    new: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToDo:
    """A change that is left to a person: where, why the program does not make it, and how it is made."""

    path: str
    line: int | None
    reason: str
    how: str


@dataclass(frozen=True, slots=True)
class ValueEdit:
    """A change of one file, proven in memory and not yet made. `guides.edits.applying` makes it.

    The proof: read again by the same check, the changed text yields the findings from before, but for the old secret.
    """

    path: Path
    target: Target
    way: Way
    check: Check
    workstation: Workstation = field(repr=False)
    old: Secret
    cuts: tuple[Cut, ...] = field(repr=False)
    """In order, not overlapping."""
    removed: tuple[Secret, ...] = field(repr=False)
    """What each cut takes out, its bytes as Latin-1 text: undoing needs them, and only a store may keep them."""
    before: str
    """Keyed digest of the file that it was planned for; empty where there was none."""
    after: str
    preview: tuple[str, ...]
    """Lines of a unified diff without context; every secret in it is masked."""
    notes: tuple[str, ...] = ()
    """What else has to be done or known, one sentence each."""
    undoable: bool = True


def spliced(data: bytes, cuts: Sequence[Cut]) -> bytes:
    """The bytes after all cuts."""
    parts, position = [], 0
    for cut in cuts:
        assert cut.start >= position, "overlapping cuts"
        parts += [data[position : cut.start], cut.new]
        position = cut.end
    return b"".join([*parts, data[position:]])
