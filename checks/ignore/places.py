"""Where the file of a finding lies, and which folders may hold an ignore file that speaks of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from checks.files.walk import is_folder
from checks.model.finding import Place, PlaceKind


def file_of(place: Place) -> str | None:
    """The absolute name of the file, links in its folders followed; None where it lies in no file of this machine."""
    if place.kind not in (PlaceKind.FILE, PlaceKind.GIT):
        return None
    path = place.path
    if place.repository and not path.startswith("/"):
        path = f"{place.repository}/{path}"
    if not path.startswith("/"):
        return None
    folder, _, name = path.rpartition("/")
    return f"{real_folder(folder).rstrip('/')}/{name}"


def real_folder(path: str) -> str:
    """The folder behind links; what cannot be looked at stays as it is written."""
    try:
        return os.path.realpath(path or "/")
    except (OSError, ValueError):
        return path


def repository_of(folder: str, home: str) -> str | None:
    """The root of the repository in which this folder lies, not looked for above the home folder; both are real."""
    for each in _upwards(folder):
        if os.path.lexists(f"{each.rstrip('/')}/.git"):
            return each
        if each == home:
            return None
    return None


class Reach:
    """From which folders an ignore file reaches a finding.

    All between the finding and the folder that is scanned, and where that lies in a repository, on to its root. Without
    named paths the home folder is what is scanned. The home folder's own file is the person's, not a tree's.
    """

    def __init__(self, home: Path, tops: Sequence[Path]) -> None:
        self.home = real_folder(str(home))
        self.tops = tuple(_folder(top) for top in tops)
        self._named = tuple(_real(top) for top in tops)
        self._ends = {top: repository_of(top, self.home) or top for top in self.tops} or {self.home: self.home}

    def folders(self, file: str) -> tuple[str, ...]:
        """The folders, nearest first; `file` comes from `file_of`."""
        folder = file.rpartition("/")[0] or "/"
        top = self._top(folder)
        if top is None:
            return ()
        end = self._ends[top]
        return tuple(each for each in _upwards(folder) if _holds(end, each) and each != self.home)

    def beside_tops(self) -> tuple[str, ...]:
        """The folders that are looked at even if nothing is found below them."""
        found = {each: None for top in self.tops for each in _upwards(top) if _holds(self._ends[top], each)}
        return tuple(each for each in found if each != self.home)

    def scanned(self, path: str) -> bool:
        """Whether this file, or all below this folder, is scanned: only then does it mean something to meet nothing."""
        return not self._named or any(_holds(top, path) for top in self._named)

    def _top(self, folder: str) -> str | None:
        return min((top for top in self._ends if _holds(top, folder)), key=len, default=None)


def _folder(top: Path) -> str:
    return real_folder(str(top if is_folder(top) else top.parent))


def _real(top: Path) -> str:
    return real_folder(str(top)) if is_folder(top) else f"{_folder(top).rstrip('/')}/{top.name}"


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while folder not in ("", "/"):
        folder = folder.rpartition("/")[0] or "/"
        yield folder


def _holds(outer: str, inner: str) -> bool:
    return inner == outer or inner.startswith(f"{outer.rstrip('/')}/")
