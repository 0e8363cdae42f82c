"""Asking where files are, without being interrupted by a folder that may not be entered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def resolved(path: Path) -> Path:
    """The path without links, or itself where they lead nowhere or may not be followed: reading it will say why."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # RuntimeError: a loop, until Python 3.13
        return path


def matching(folder: Path, pattern: str) -> Iterator[Path]:
    """What is no folder and matches the pattern, sorted; the folder where it may not be entered: reading it says so."""
    try:
        found = sorted(path for path in folder.glob(pattern) if not path.is_dir())
    except OSError:
        found = [folder]
    yield from found
