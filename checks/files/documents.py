"""Reading one file for a check, or saying why it was not looked at."""

from __future__ import annotations

from pathlib import Path

from checks.files.reading import Document, NotRead, read_file
from checks.model.finding import Skipped


def read_document(check: str, path: Path, limit: int) -> Document | tuple[Skipped, ...]:
    """The file, or what the check with this id has to say instead: nothing, where there is no file."""
    try:
        return read_file(path, limit)
    except NotRead as error:
        return () if error.missing else (Skipped(check, str(path), error.reason, size=error.size),)
