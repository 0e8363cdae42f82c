"""The walk of the trees: batches of files that have to be looked at, and what became of the rest."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from checks.files.walk import Folder, LeaveOut, NotWalked, is_folder, walk_folders
from checks.model.finding import Skipped
from checks.model.workstation import Workstation
from checks.trees.batch import Batch, Outcome
from checks.trees.left_out import GIT_HISTORY, has_repository
from checks.trees.seen import SeenFiles

CHECK = "walk"
_MOST_FILES = 100
_MOST_BYTES = 8 * 1024 * 1024
"""Of one batch, so that the processes have about the same to do."""


class Unchanged(NamedTuple):
    """Files that were looked at by an earlier scan and are as they were."""

    folder: str
    files: int
    bytes: int
    binaries: int
    binary_bytes: int


@dataclass(slots=True)
class _Open:
    """A folder of which not every batch is done."""

    clean: set[bytes]
    binary: set[bytes]
    digests: dict[str, bytes] = field(default_factory=dict)
    waiting: int = 0


class TreeWalk:
    """Walks the trees one after the other. `done` is told of each batch, from the same thread."""

    def __init__(
        self,
        workstation: Workstation,
        tops: Sequence[Path],
        leave_out: LeaveOut,
        seen: SeenFiles | None = None,
        deadline: float | None = None,
        looked_at: frozenset[str] = frozenset(),
    ) -> None:
        """`deadline` on the clock of time.monotonic; `looked_at` are paths that need no second look."""
        self._workstation = workstation
        self._tops = tops
        self._leave_out = leave_out
        self._seen = seen
        self._deadline = deadline
        self._looked_at = looked_at
        self._open: dict[str, _Open] = {}
        self.repositories: list[Path] = []
        """Folders in which a repository was met, or which are one."""

    def batches(self) -> Iterator[Batch | Unchanged | Skipped]:
        for number, top in enumerate(self._tops):
            if self._spent():
                for missed in self._tops[number:]:
                    yield Skipped(CHECK, str(missed), "the time for this scan was spent; --full has no limit")
                return
            if not is_folder(top):
                if str(top) not in self._looked_at:
                    yield Batch(str(top.parent), (top.name,))
                continue
            yield from self._tree(str(top))

    def done(self, batch: Batch, outcome: Outcome) -> None:
        """Keeps what was clean, so that it is not read again before it changes."""
        held = self._open.get(batch.folder)
        if not held or not self._seen:
            return
        for name in batch.names if outcome.complete else ():
            if name not in outcome.eventful and (digest := held.digests.get(name)):
                (held.binary if name in outcome.binaries else held.clean).add(digest)
        held.waiting -= 1
        if not held.waiting:
            self._seen.keep(batch.folder, held.clean, held.binary)
            del self._open[batch.folder]

    def _tree(self, top: str) -> Iterator[Batch | Unchanged | Skipped]:
        for found in walk_folders(self._workstation, top, self._leave_out):
            if isinstance(found, NotWalked):
                if found.reason != GIT_HISTORY:
                    yield Skipped(CHECK, found.path, found.reason)
            elif self._spent():
                yield Skipped(CHECK, found.path, "the time for this scan was spent here; --full has no limit")
                return
            else:
                if has_repository(found):
                    self.repositories.append(Path(found.path))
                yield from self._folder(found)

    def _folder(self, folder: Folder) -> Iterator[Batch | Unchanged]:
        entries = [entry for entry in folder.files if entry.path not in self._looked_at]
        links = frozenset(entry.name for entry in entries if entry.is_symlink())
        if not self._seen:
            for names in _parcels([(entry.name, _size(entry)) for entry in entries]):
                yield Batch(folder.path, names, links)
            return
        new, unchanged = self._new(folder.path, entries, links, self._seen)
        if unchanged.files or unchanged.binaries:
            yield unchanged
        parcels = list(_parcels(new))
        if parcels:
            self._open[folder.path].waiting = len(parcels)
        for names in parcels:
            yield Batch(folder.path, names, links)

    def _new(
        self, path: str, entries: list[os.DirEntry[str]], links: frozenset[str], seen: SeenFiles
    ) -> tuple[list[tuple[str, int]], Unchanged]:
        """Names and sizes of what has to be looked at, and the rest in numbers."""
        known = seen.known(path)
        new: list[tuple[str, int]] = []
        held = _Open(set(), set())
        files = size = binaries = binary_size = 0
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                new.append((entry.name, 0))  # reading it will say why
                continue
            digest = None if entry.name in links else seen.digest(entry.name, status)
            if digest in known.clean:
                held.clean.add(digest)
                files, size = files + 1, size + status.st_size
            elif digest in known.binary:
                held.binary.add(digest)
                binaries, binary_size = binaries + 1, binary_size + status.st_size
            else:
                new.append((entry.name, status.st_size))
                if digest:
                    held.digests[entry.name] = digest
        if new:
            self._open[path] = held
        return new, Unchanged(path, files, size, binaries, binary_size)

    def _spent(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0  # reading it will say why


def _parcels(new: list[tuple[str, int]]) -> Iterator[tuple[str, ...]]:
    names: list[str] = []
    total = 0
    for name, size in new:
        names.append(name)
        total += size
        if len(names) == _MOST_FILES or total > _MOST_BYTES:
            yield tuple(names)
            names, total = [], 0
    if names:
        yield tuple(names)
