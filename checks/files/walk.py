"""Walking a tree without being led astray: links are not followed, special files are not opened, depth is bounded."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from checks.model.workstation import Workstation


class NotWalked(NamedTuple):
    """A folder that could not be listed, lies too deep, or is left out on purpose."""

    path: str
    reason: str


class Folder(NamedTuple):
    """A folder's files in the order of their names; what is no folder counts as one, links and devices too."""

    path: str
    files: tuple[os.DirEntry[str], ...]
    folders: tuple[str, ...]
    """Names of the folders in it."""


LeaveOut = Callable[[Folder, str], str]
"""Why the folder of this name in that folder is not walked, or an empty text."""


def walk_folders(
    workstation: Workstation, top: str, leave_out: LeaveOut = lambda _, __: ""
) -> Iterator[Folder | NotWalked]:
    """`top` and every folder below it, in a stable order; ends early when cancelled."""
    waiting = [(top, 0)]
    while waiting and not workstation.cancelled.is_set():
        path, depth = waiting.pop()
        try:
            folder = _list(path)
        except OSError as error:
            yield NotWalked(path, f"not readable: {error.strerror}")
            continue
        yield folder
        if folder.folders and depth >= workstation.limits.depth:
            yield NotWalked(path, f"more than {workstation.limits.depth} folders deep")
            continue
        below = []
        for name in folder.folders:
            if reason := leave_out(folder, name):
                yield NotWalked(f"{path.rstrip('/')}/{name}", reason)
            else:
                below.append((f"{path.rstrip('/')}/{name}", depth + 1))
        waiting += reversed(below)


def walk(workstation: Workstation, top: Path) -> Iterator[Path | NotWalked]:
    """Every file below `top` (or `top` itself, where it is one), in a stable order; ends early when cancelled."""
    if not is_folder(top):
        yield top
        return
    for found in walk_folders(workstation, str(top)):
        if isinstance(found, NotWalked):
            yield found
        else:
            yield from (Path(entry.path) for entry in found.files)


def is_folder(top: Path) -> bool:
    try:
        return stat.S_ISDIR(top.stat().st_mode)
    except (OSError, ValueError):
        return False  # reading it will say why


def _list(path: str) -> Folder:
    with os.scandir(path) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
        folders = tuple(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    known = set(folders)
    return Folder(path, tuple(entry for entry in entries if entry.name not in known), folders)
