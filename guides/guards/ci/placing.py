"""A set-up's place in the repository. New files only: what is there already is the person's."""

from __future__ import annotations

import difflib
import os
import secrets
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.files.state import sync_folder
from guides.edits.atomic import NotWritten
from guides.guards.ci.catalog import CiSystem

_LARGEST = 1 << 20


class State(Enum):
    """What stands at the place."""

    FREE = "free"
    SAME = "same"
    """The very set-up."""
    TAKEN = "taken"
    """Something else."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a set-up belongs, and what stands there."""

    top: Path
    """The work tree."""
    path: str
    """Below `top`."""
    text: str
    state: State
    taken: str = ""
    """The person's own file, which is to be told of this one; empty where nothing has to be added."""

    @property
    def file(self) -> Path:
        return self.top / self.path

    @property
    def diff(self) -> tuple[str, ...]:
        """The change as lines of a unified diff."""
        lines = difflib.unified_diff([], self.text.splitlines(), "/dev/null", self.path, lineterm="")
        return tuple(line.rstrip() for line in lines)


def place(system: CiSystem, top: Path, text: str) -> Placement:
    """Finds the place for a system's set-up below `top`: its own file, or else the one beside it. Changes nothing."""
    state = _state(top / system.path, text)
    if state is not State.TAKEN:
        return Placement(top, system.path, text, state)
    if not system.beside:
        return Placement(top, system.path, text, state, taken=system.path)
    return Placement(top, system.beside, text, _state(top / system.beside, text), taken=system.path)


def _state(file: Path, text: str) -> State:
    if not os.path.lexists(file):
        return State.FREE
    try:
        return State.SAME if read_file(file, _LARGEST).data == text.encode() else State.TAKEN
    except NotRead:
        return State.TAKEN


def write(placement: Placement) -> None:
    """Writes the set-up, whole or not at all, readable as the umask says. Raises NotWritten, also where a file has
    appeared since: it stands. Folders on the way are made, and links among them are not followed.
    """
    folder = placement.file.parent
    temporary = folder / f".{placement.file.name}.dockhygiene-{secrets.token_hex(6)}"
    try:
        _make_folders(placement)
        try:
            _write_new(temporary, placement.text.encode())
            os.link(temporary, placement.file)  # unlike a rename, it never replaces
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(folder)
    except FileExistsError as error:
        raise NotWritten(f"{placement.file} appeared just now, and stands; look again") from error
    except OSError as error:
        raise NotWritten(f"{placement.file}: {error.strerror}; nothing was written") from error
    if _state(placement.file, placement.text) is not State.SAME:
        raise NotWritten(f"{placement.file} does not read back as it was written; look at it")


def _make_folders(placement: Placement) -> None:
    folder = placement.top
    for name in Path(placement.path).parent.parts:
        folder /= name
        if folder.is_symlink():
            raise NotWritten(
                f"{folder} is a link, which may lead out of the repository; write the set-up there yourself"
            )
        if folder.exists() and not folder.is_dir():
            raise NotWritten(f"{folder} is no folder, so nothing can be written there")
        folder.mkdir(exist_ok=True)


def _write_new(temporary: Path, data: bytes) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
