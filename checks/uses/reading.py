"""The uses of one file: who knows it by name, whether it can hold any, and what the readers find in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from checks.files.content import Binary, read_text_bytes
from checks.files.reading import NotRead
from checks.formats.encodings import text_of
from checks.model.finding import Skipped
from checks.model.use import Use
from checks.uses.catalog import System, systems_of
from checks.uses.git_remote import Remote
from checks.uses.source import Source

CHECK = "uses"
MOST_USES = 1000
"""Of one file: a person reads no more."""


def uses_in_file(
    path: Path, parts: tuple[str, ...], limit: int, remote: Remote | None = None
) -> Iterator[Use | Skipped]:
    """The uses in this file of at most `limit` bytes; nothing for what no system knows. `parts` as in `systems_of`."""
    systems = systems_of(parts)
    if not systems:
        return
    try:
        data = read_text_bytes(str(path), limit)
    except Binary:
        return
    except NotRead as error:
        if not error.missing:
            yield Skipped(CHECK, str(path), error.reason, size=error.size)
        return
    yield from uses_in_text(data, str(path), systems, remote)


def uses_in_text(
    data: bytes, path: str, systems: Sequence[System], remote: Remote | None = None, *, prefilter: bool = True
) -> Iterator[Use | Skipped]:
    """The uses in this text, in the order of its lines, each once. Without `prefilter` every reader looks at it."""
    lower = data.lower()
    reading = [system for system in systems if not prefilter or system.needs.may_hold(lower)]
    if not reading:
        return
    source = Source(path, text_of(data), remote)
    found: dict[tuple[object, ...], Use] = {}
    for system in reading:
        for use in system.read(source):
            if isinstance(use, Skipped):
                yield use
                continue
            if len(found) == MOST_USES:
                yield Skipped(CHECK, path, f"only its first {MOST_USES:,} uses are told")
                break
            _keep(found, use)
    yield from sorted(found.values(), key=lambda use: use.line or 0)


def _keep(found: dict[tuple[object, ...], Use], use: Use) -> None:
    """The same line may be read in two ways: whoever knows more of it is kept."""
    key = (use.line, use.name, use.registry)
    known = found.get(key)
    if not known or (use.secret and not known.secret) or (use.repository and not known.repository):
        found[key] = use
