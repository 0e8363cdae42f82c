"""The proof of a rewriting: no object of any type, no name and no file of the clone holds the secret any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.git.runner import GitError
from guides.history.git import Clone
from guides.history.objects import hits_in, references
from guides.history.spellings import found_in
from guides.history.trouble import CleaningFailed
from guides.wording import counted


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: what a rewriting must not lose."""

    commits: int
    references: frozenset[bytes]


def size_of(clone: Clone) -> Size:
    count = clone.reading.read("rev-list", "--count", "--all", limit=100)
    return Size(int(count), frozenset(references(clone.reading)))


def prove(clone: Clone, before: Size | None = None, renamed: Mapping[bytes, bytes] | None = None) -> int:
    """How many objects were looked at. Raises CleaningFailed with the first thing that is wrong, GitError."""
    if survivors := _survivors(clone):
        parts = ", ".join(f"{part}: {number}" for part, number in sorted(survivors.items()))
        raise CleaningFailed(f"the secret is still there: {parts}")
    try:
        clone.run("fsck", "--full", "--no-dangling", "--no-progress")
    except GitError as error:
        raise CleaningFailed(f"the clone does not pass git's own check: {error}") from error
    if before:
        _nothing_lost(size_of(clone), before, renamed or {})
    return int(clone.reading.read("rev-list", "--count", "--objects", "--all", limit=100))


def _survivors(clone: Clone) -> Counter[str]:
    found: Counter[str] = Counter(hit.part for hit in hits_in(clone.reading, clone.spellings))
    beside = sum(1 for data in _beside(clone) if found_in(data, clone.spellings))
    return found + Counter({"files of the clone beside its objects": beside})


def _beside(clone: Clone) -> Iterator[bytes]:
    """Names and contents of what lies in the git folder and is no object: packed references, notes of the rewriting."""
    for path in clone.folder.rglob("*"):
        if "objects" not in path.relative_to(clone.folder).parts[:1]:
            yield bytes(path)
            if path.is_file():
                yield path.read_bytes()


def _nothing_lost(now: Size, before: Size, renamed: Mapping[bytes, bytes]) -> None:
    if now.commits != before.commits:
        raise CleaningFailed(f"there were {counted(before.commits, 'commit')}, and now there are {now.commits:,}")
    wanted = {renamed.get(name, name) for name in before.references}
    if lost := wanted - now.references:
        raise CleaningFailed(f"{counted(len(lost), 'reference')} of {len(wanted):,} got lost")
