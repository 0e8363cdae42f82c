"""A file that an edit makes, where there was none: it appears whole, never over somebody else's, and goes again."""

from __future__ import annotations

import os
from pathlib import Path

from checks.files.state import sync_folder
from guides.edits.atomic import ChangedMeanwhile, NotWritten

_MODE = 0o644
"""Of a file that a team shares, less what the person's umask takes."""


def create(path: Path, temporary: Path, new: bytes) -> None:
    """Raises ChangedMeanwhile where something stands there by now, NotWritten where the folder refuses."""
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _MODE)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(new)
                stream.flush()
                os.fsync(descriptor)
            os.link(temporary, path)
        finally:
            temporary.unlink()
        sync_folder(path.parent)
    except FileExistsError:
        raise ChangedMeanwhile(f"{path} was written by another program just now; look again") from None
    except OSError as error:
        raise NotWritten(f"{path}: {error.strerror}; nothing was written") from error


def take_away(path: Path) -> None:
    """The way back; the caller has compared what it holds. Raises NotWritten."""
    try:
        path.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise NotWritten(f"{path}: {error.strerror}; the file is as it was") from error
