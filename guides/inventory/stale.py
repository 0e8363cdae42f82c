"""Entries that may no longer be so: what they point at is gone, or nobody has confirmed them for long."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.uses.by_hand import Entry
from guides.inventory.writing import LARGEST

_PLACE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d{1,7}))?")


def stale(entries: Iterable[Entry], file: Path, today: datetime.date, days: int) -> Iterator[tuple[Entry, str]]:
    """Each stale entry of this file with the reason. `days` is how long a confirmation lasts."""
    for entry in entries:
        reason = _gone(entry.where, file.parent) if entry.where else ""
        reason = reason or _unconfirmed(entry, today, days)
        if reason:
            yield entry, reason


def _gone(where: str, folder: Path) -> str:
    place = _PLACE.fullmatch(where)
    assert place
    path = folder / Path(place["path"]).expanduser()
    try:
        text = read_file(path, LARGEST).data
    except NotRead as error:
        return f"{path} is gone" if error.missing else f"{path}: {error.reason}"
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    if place["line"] and int(place["line"]) > lines:
        return f"{path} has no line {place['line']} any more"
    return ""


def _unconfirmed(entry: Entry, today: datetime.date, days: int) -> str:
    if entry.confirmed is None:
        return "nobody has confirmed it"
    age = (today - entry.confirmed).days
    if age > days:
        return f"last confirmed {entry.confirmed.isoformat()}, {age} days ago"
    return "confirmed on a day to come" if age < 0 else ""
