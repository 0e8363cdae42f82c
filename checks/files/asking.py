"""Asking where files are, without being interrupted by a folder that may not be entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def resolved(path: Path) -> Path:
    """The path without links, or itself where they lead nowhere or may not be followed: reading it will say why."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # RuntimeError: a loop, until Python 3.13
        return path


def each_once(paths: Iterable[Path]) -> Iterator[Path]:
    """The paths without those that lead to a file that another one has led to."""
    met: set[Path] = set()
    for path in paths:
        real = resolved(path)
        if real not in met:
            met.add(real)
            yield path


def matching(folder: Path, pattern: str) -> Iterator[Path]:
    """What is no folder and matches the pattern, sorted; the folder where it may not be entered: reading it says so."""
    try:
        found = sorted(path for path in folder.glob(pattern) if not path.is_dir())
    except OSError:
        found = [folder]
    yield from found
