"""Walking a tree without being led astray: links are not followed, special files are not opened, depth is bounded."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.model.workstation import Workstation


@dataclass(frozen=True, slots=True)
class NotWalked:
    """A folder that could not be listed, or lies too deep."""

    path: str
    reason: str


def walk(workstation: Workstation, top: Path) -> Iterator[Path | NotWalked]:
    """Every file below `top` (or `top` itself, where it is one), in a stable order; ends early when cancelled."""
    if not _is_folder(top):
        yield top
        return
    waiting = [(str(top), 0)]
    while waiting and not workstation.cancelled.is_set():
        folder, depth = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
                folders = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
        except OSError as error:
            yield NotWalked(folder, f"not readable: {error.strerror}")
            continue
        for entry in entries:
            if entry.name not in folders:
                yield Path(entry.path)
        below = [entry.path for entry in entries if entry.name in folders]
        if below and depth >= workstation.limits.depth:
            yield NotWalked(folder, f"more than {workstation.limits.depth} folders deep")
            continue
        waiting += [(path, depth + 1) for path in reversed(below)]


def _is_folder(top: Path) -> bool:
    try:
        return stat.S_ISDIR(top.stat().st_mode)
    except (OSError, ValueError):
        return False  # reading it will say why
