"""Reading one file for a check, or saying why it was not looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from checks.files.reading import Document, NotRead, read_file
from checks.model.finding import Observation, Skipped


def read_document(check: str, path: Path, limit: int) -> Document | tuple[Skipped, ...]:
    """The file, or what the check with this id has to say instead: nothing, where there is no file."""
    try:
        return read_file(path, limit)
    except NotRead as error:
        return () if error.missing else (Skipped(check, str(path), error.reason, size=error.size),)


def look_at(
    check: str, path: Path, limit: int, look: Callable[[Document], Iterator[Observation]]
) -> Iterator[Observation]:
    """What `look` sees in the file, or why it was not read."""
    document = read_document(check, path, limit)
    yield from look(document) if isinstance(document, Document) else document
