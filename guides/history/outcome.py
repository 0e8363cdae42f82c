"""What a rewriting changed, read from the clone: the first commits, the references, and what support asks for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from guides.history.rewriting import as_pairs, note_lines

_PULLS = ("refs/pull/", "refs/merge-requests/", "refs/pull-requests/")


@dataclass(frozen=True, slots=True)
class Moved:
    """One reference that names another commit now. Ids in 40 hexadecimal digits."""

    name: str
    """Foreign text, surrogate escapes where it is not UTF-8."""
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was changed."""

    commits: int
    """How many got another id."""
    first: tuple[str, ...]
    """Old ids of the changed commits whose parents did not change: what support asks for."""
    moved: tuple[Moved, ...]
    lfs: int
    """Objects of Git LFS that nothing names any more."""

    @property
    def pulls(self) -> tuple[Moved, ...]:
        """Pull and merge requests, which only the host can change."""
        return tuple(one for one in self.moved if one.name.startswith(_PULLS))

    @property
    def branches(self) -> tuple[Moved, ...]:
        return tuple(one for one in self.moved if one.name.startswith("refs/heads/"))

    @property
    def remote_branches(self) -> tuple[Moved, ...]:
        return tuple(
            one for one in self.moved if one.name.startswith("refs/remotes/") and not one.name.endswith("/HEAD")
        )

    @property
    def tags(self) -> tuple[Moved, ...]:
        return tuple(one for one in self.moved if one.name.startswith("refs/tags/"))


def outcome_of(clone: Path) -> Outcome:
    """From git-filter-repo's lists in this clone; empty where they are gone."""
    changed = [old for old, new in as_pairs(note_lines(clone, "commit-map")) if old != new]
    first = tuple(old for old, _ in as_pairs(note_lines(clone, "first-changed-commits")))
    moved = []
    for old, rest in as_pairs(note_lines(clone, "ref-map")):
        new, _, name = rest.partition(" ")
        if old != new:
            moved.append(Moved(os.fsdecode(name), old, new))
    return Outcome(len(changed), first, tuple(moved), len(note_lines(clone, "orphaned_lfs_objects")))
