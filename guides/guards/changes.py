"""One change of one file of a guard: how it is shown, and how it is made so that no moment is without a hook."""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.files.state import sync_folder
from guides.edits.atomic import ChangedMeanwhile, NotWritten, Target, exchange, replace, temporary_for
from guides.guards.scripts import read_written

LARGEST = 1 << 20
"""Bytes of a hook or a set-up file that is still read: people's have a few thousand."""
EXECUTABLE = 0o755
_NO_LINKS = "the file system cannot link it"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file. `before` and `after` are None where it is not there."""

    path: Path
    before: bytes | None = field(repr=False)
    after: bytes | None = field(repr=False)
    previous: Path | None = None
    """Where the hook that was there before is kept while ours stands at `path`."""
    mode: int = EXECUTABLE
    """Of a file that is new; a hook of ours always has it."""
    hook: bool = True
    """Whether it is a hook of ours, and not a text of somebody else's with an entry of ours in it."""


def content(path: Path) -> bytes | None:
    """The bytes of a small file, None where nothing is there. Raises NotWritten for what cannot be read."""
    try:
        return read_file(path, LARGEST).data
    except NotRead as error:
        if error.missing:
            return None
        raise NotWritten(f"{path}: {error.reason}") from error


def diff(change: Change) -> Iterator[str]:
    """The change as a unified diff without context; nothing that is not ours is shown, since it may hold a secret."""
    kept = change.previous if change.after else None
    if kept:
        yield f"{change.path} stays as {kept.name}, and runs first"
    before = b"" if kept or change.before is None else change.before
    old, new = (part.decode("utf-8", "replace").splitlines() for part in (before, change.after or b""))
    names = (str(change.path) if before else os.devnull, str(change.path) if change.after is not None else os.devnull)
    yield from difflib.unified_diff(old, new, *names, lineterm="", n=0)
    if change.previous and change.after is None:
        yield f"{change.previous.name} is {change.path.name} again"


def make(change: Change) -> None:
    """Makes the change and reads it back. Raises NotWritten; the file is then as it was, or whole in its new form."""
    try:
        if content(change.path) != change.before:
            raise ChangedMeanwhile(f"{change.path} was changed by another program just now; look again")
        if change.after is None:
            _remove(change)
        elif change.before is not None and not change.hook:
            target = Target.of(change.path)
            replace(target, temporary_for(target), change.before, change.after, keep_mode=True)
        else:
            _put(change, change.after)
        sync_folder(change.path.parent)
    except OSError as error:
        raise NotWritten(f"{change.path}: {error.strerror}") from error
    if change.after is not None and content(change.path) != change.after:
        raise NotWritten(f"{change.path} does not hold what was written; look at it")


def _put(change: Change, data: bytes) -> None:
    change.path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(change.path, change.previous)
    temporary = change.path.parent / f".{change.path.name}.dockhygiene-{secrets.token_hex(6)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            os.fchmod(descriptor, change.mode)
            stream.flush()
            os.fsync(descriptor)
        if change.previous:
            _keep(change.path, change.previous)
        if change.before is None:
            _place_new(temporary, change.path)
        else:
            _take_the_place(temporary, change)
    finally:
        temporary.unlink(missing_ok=True)


def _keep(hook: Path, previous: Path) -> None:
    """A second name for the hook that is there, so that it is whole at every moment. It may be a link itself."""
    try:
        os.link(hook, previous, follow_symlinks=False)
    except FileExistsError:
        if content(previous) != content(hook):  # the same: an installation was interrupted right here
            raise NotWritten(f"{previous} is there already: look what it is, and move it away") from None
    except (NotImplementedError, PermissionError) as error:
        raise NotWritten(f"{hook} cannot be kept as {previous.name}: {_NO_LINKS}") from error


def _place_new(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise ChangedMeanwhile(f"{path} was written by another program just now; look again") from None
    except PermissionError:
        temporary.replace(path)  # a file system without links


def _take_the_place(temporary: Path, change: Change) -> None:
    """Over what was there, provided that it still is what the plan saw."""
    if not exchange(temporary, change.path):
        temporary.replace(change.path)
    elif temporary.read_bytes() != change.before:
        exchange(temporary, change.path)
        raise ChangedMeanwhile(f"{change.path} was changed by another program just now; look again")


def _remove(change: Change) -> None:
    if change.previous:
        change.previous.replace(change.path)
    else:
        change.path.unlink()


def _sweep(path: Path, previous: Path | None) -> None:
    """What an interrupted run left beside: hooks of ours, and a foreign one that has a second name by then."""
    kept = content(previous) if previous else None
    for left in path.parent.glob(f".{path.name}.dockhygiene-" + "[0-9a-f]" * 12):
        data = content(left)
        if data is not None and (data == kept or read_written(data)):
            left.unlink()
