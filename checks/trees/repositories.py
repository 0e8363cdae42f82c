"""The work trees of the repositories below the home folder, those in use first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from checks.files.walk import Folder, LeaveOut, NotWalked, walk_folders
from checks.git.code_folders import code_folders
from checks.model.finding import Skipped
from checks.model.workstation import Workstation
from checks.trees.left_out import has_repository
from checks.trees.walking import CHECK

_FOUND = "a repository"
_HOME = "your home folder is a repository itself: name it to have all of it read"
_SPENT = "the time for this scan was spent before every repository was found; --full has no limit"


def work_trees(workstation: Workstation, leave_out: LeaveOut, deadline: float | None) -> Iterator[Path | Skipped]:
    """Work trees and bare repositories, and what could not be searched for them; what lies in one belongs to it.

    They are looked for below the home folder, and below the folders that the person keeps code in.
    """
    home = str(workstation.home).rstrip("/")
    found: dict[str, float] = {}

    def stop_at_repositories(folder: Folder, name: str) -> str:
        return _FOUND if has_repository(folder) and folder.path != home else leave_out(folder, name)

    for one in _folders(workstation, home, stop_at_repositories):
        if isinstance(one, NotWalked):
            if one.reason != _FOUND and not _hidden(one.path, home):
                yield Skipped(CHECK, one.path, one.reason)
        elif has_repository(one):
            if one.path == home:
                yield Skipped(CHECK, home, _HOME)
            else:
                found[one.path] = _last_used(one.path)
        if deadline is not None and time.monotonic() > deadline:
            yield Skipped(CHECK, home, _SPENT)
            break
    yield from (Path(path) for path in sorted(found, key=lambda path: found[path], reverse=True))


def _folders(workstation: Workstation, home: str, leave_out: LeaveOut) -> Iterator[Folder | NotWalked]:
    yield from walk_folders(workstation, home, leave_out)
    for folder in code_folders(workstation):
        if not folder.is_relative_to(home):
            yield from walk_folders(workstation, str(folder), leave_out)


def _hidden(path: str, home: str) -> bool:
    """Caches in hidden folders hold no work trees of the person's: nobody wants a line for each."""
    return path.startswith(f"{home}/.")


def _last_used(path: str) -> float:
    try:
        return max(Path(path, name).stat().st_mtime for name in (".git", "HEAD") if Path(path, name).exists())
    except (OSError, ValueError):
        return 0.0
