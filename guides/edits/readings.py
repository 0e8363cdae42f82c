"""What a check would find in a file if its bytes were these: how an edit is proven before it is offered.

A check reads a path, and judges by the names in it. So a link of the same name, in folders of the same names, leads to
the bytes in memory; where the system keeps no such files in memory, a private file stands there for that moment.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from checks import source_text
from checks.files.state import StateFolder
from checks.model.check import Check
from checks.model.finding import Finding, Skipped
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.trees.merge import new_to
from guides.edits.places import LineTable, located
from guides.edits.spelling import spellings

_PREFIX = "reading-"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found: by the check, and in the text beside it. Paths in the findings are not the file's own."""

    own: tuple[Finding, ...]
    text: tuple[Finding, ...]
    skipped: tuple[str, ...] = ()
    """Reasons for which it was not read, or not to its end."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.own, *self.text)

    def of(self, secret: Secret) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.secret == secret)


class Readings:
    """Reads versions of one file, which never lies on the disk for that."""

    def __init__(self, workstation: Workstation, check: Check, path: Path, place: Path, descriptor: int) -> None:
        self._check = check
        self._place = place
        self._descriptor = descriptor
        top = _top(place, path)
        named = tuple(_below(top, one) for one in workstation.named)
        home, root = _below(top, workstation.home), _below(top, workstation.root)
        inside = any(path.is_relative_to(one) for one in (workstation.home, *workstation.named))
        # A path that lies elsewhere is judged by all of its folders: ours are none of them.
        named = named if inside else (*named, top)
        # A scan that is cancelled meanwhile would make a check end early, and look like a proof.
        self._workstation = replace(workstation, home=home, root=root, named=named, cancelled=threading.Event())

    def of(self, data: bytes) -> Reading:
        os.ftruncate(self._descriptor, 0)
        position = 0
        while position < len(data):
            position += os.pwrite(self._descriptor, data[position:], position)
        own = tuple(self._check.read(self._workstation, self._place))
        found = tuple(one for one in own if isinstance(one, Finding))
        beside = () if self._check.id == source_text.id else tuple(self._text(found))
        skipped = tuple(one.reason for one in (*own, *beside) if isinstance(one, Skipped))
        return Reading(found, tuple(one for one in beside if isinstance(one, Finding)), skipped)

    def _text(self, found: tuple[Finding, ...]) -> Iterator[Finding | Skipped]:
        for one in new_to(found, source_text.read(self._workstation, self._place)):
            if isinstance(one, Finding | Skipped):
                yield one


@contextmanager
def readings(workstation: Workstation, check: Check, path: Path) -> Iterator[Readings]:
    """For an absolute path. Raises StateError where the state folder cannot be used, OSError where it is full."""
    state = StateFolder.open(workstation.environment, workstation.home)
    top = state.path / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    place = _below(top, path)
    descriptor = -1
    try:
        place.parent.mkdir(mode=0o700, parents=True)
        descriptor = _opened(place)
        yield Readings(workstation, check, path, place, descriptor)
    finally:
        if descriptor >= 0:
            os.close(descriptor)
        shutil.rmtree(top, ignore_errors=True)


def sweep(state: StateFolder) -> None:
    """Removes what readings left behind that were killed."""
    for name in state.names(_PREFIX):
        owner = name.removeprefix(_PREFIX).partition("-")[0]
        if not owner.isdigit() or not _runs(int(owner)):
            shutil.rmtree(state.path / name, ignore_errors=True)


def difference(before: Reading, after: Reading, old: Secret, new: Secret | None, *, removed: str = "") -> str:
    """Why `after` is not `before` with the new secret for the old one, or an empty text. Without a new one, the old
    one is gone; other secrets may be gone with it where they are spelled in the text that was `removed`."""
    if set(after.skipped) - set(before.skipped):
        return "the file could not be read to its end any more"
    if any(finding.secret == old for finding in after.findings):
        return "the old value would still be found there"
    expected = Counter(_key(one, old, new) for one in before.own if new or one.secret != old)
    found = Counter(_key(one, old, new) for one in after.own)
    if found - expected:
        return "something else would be read there than the new value"
    lost = [key for key in expected - found if not _went_along(key[-3:-2], removed)]
    if lost:
        return "something that is read there now would not be read any more"
    beside = Counter(one.secret for one in before.text if one.secret not in (old, new))
    beside_now = Counter(one.secret for one in after.text if one.secret not in (old, new))
    if beside_now - beside or any(not _went_along((one,), removed) for one in beside - beside_now):
        return "other values of the file would be read in another way"
    return ""


def beside(reading: Reading, text: str, spans: Sequence[tuple[int, int]], known: Sequence[Secret | None]) -> Reading:
    """Without what the search of the text says of these stretches: the base64 of a password is a secret to it too."""
    lines = LineTable(text)
    kept = [one for one in reading.text if one.secret in known or not _within(text, lines, one, spans)]
    return replace(reading, text=tuple(kept))


def _within(text: str, lines: LineTable, finding: Finding, spans: Sequence[tuple[int, int]]) -> bool:
    held = located(text, lines, finding)
    return held is not None and any(held.start < end and held.end > start for start, end in spans)


def _went_along(secrets: tuple[object, ...], removed: str) -> bool:
    return any(isinstance(one, Secret) and any(spellings(removed, one, 0, len(removed))) for one in secrets)


def _key(finding: Finding, old: Secret, new: Secret | None) -> tuple[object, ...]:
    """What must stay. Of the secret itself, what is told besides its place depends on its form."""
    field = finding.place.field or ""
    if finding.secret is not None and finding.secret in (old, new):
        return (field,)
    return (finding.rule, field, finding.secret, finding.registry, finding.username)


def _opened(place: Path) -> int:
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("dockhygiene", os.MFD_CLOEXEC)
        place.symlink_to(f"/proc/{os.getpid()}/fd/{descriptor}")
        if place.exists():
            return descriptor
        os.close(descriptor)
        place.unlink()
    return os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _below(top: Path, path: Path) -> Path:
    return top.joinpath(*path.parts[1:])


def _top(place: Path, path: Path) -> Path:
    return place.parents[len(path.parts) - 2]


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
