"""The commits in which objects came to stand under their paths.

Where it is not known which commits to ask, git-log(1) with `--find-object` names those in which their number of
occurrences changes, in one walk for all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from checks.git.runner import Git, GitError

EVERYTHING = ("--all", "--reflog")
_AT_ONCE = 5000
"""Objects that are looked for in one walk, as arguments."""
_RAW = (
    *("--raw", "-r", "-z", "--no-abbrev", "--no-renames", "--diff-merges=first-parent"),
    *("--no-color", "--no-decorate", "--ignore-missing"),
)
NO_WALK = ("--no-walk=unsorted", "--stdin", *_RAW)
"""Each of the commits that are given, in their order, against its first parent."""
_WALK = ("log", "--full-history", "--topo-order", "--reverse", *_RAW)
_PART = 1 << 16
_LONGEST = 1 << 20
_FORMAT = "--format=%x01%H%x02%aI%x02%an"


class Arrival(NamedTuple):
    """A commit in which an object came to stand under a path. A merge counts by what its first parent had not."""

    commit: str
    authored: str
    """RFC 3339, with the author's own zone."""
    author: str
    path: str
    blob: str
    before: str = ""
    """The object that stood there before."""


class Span(NamedTuple):
    """Commits, or any objects, by id: all that these lead to and those do not."""

    tips: tuple[str, ...]
    known: tuple[str, ...] = ()
    remote: str = ""
    """All that this remote's branches are known to hold is left out, too."""

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("--stdin", *(("--not", f"--remotes={self.remote}") if self.remote else ()))

    @property
    def stdin(self) -> bytes:
        return "".join(f"{one}\n" for one in (*self.tips, *(f"^{one}" for one in self.known))).encode()


def arrivals(git: Git, blobs: Sequence[str], span: Span | None = None) -> Iterator[Arrival]:
    """Every arrival of these objects, the oldest first; within the span, or in all that a name leads to.

    Raises GitError.
    """
    arguments, given = (span.arguments, span.stdin) if span else (EVERYTHING, b"")
    for start in range(0, len(blobs), _AT_ONCE):
        wanted = frozenset(blobs[start : start + _AT_ONCE])
        sought = (f"--find-object={name}" for name in sorted(wanted))
        with git.running(*_WALK, _FORMAT, *sought, *arguments, stdin=given) as stream:
            yield from _parsed(words(stream), wanted)


def arrivals_in(git: Git, blobs: Sequence[str], commits: Sequence[str]) -> Iterator[Arrival]:
    """Every arrival of these objects in these commits, in their order. Raises GitError."""
    given = "".join(f"{commit}\n" for commit in commits).encode()
    if commits:
        with git.running("log", *NO_WALK, _FORMAT, stdin=given) as stream:
            yield from _parsed(words(stream), frozenset(blobs))


def words(stream: IO[bytes]) -> Iterator[bytes]:
    """What lies between the NULs. Raises GitError for what is longer than any name."""
    rest = b""
    while part := stream.read(_PART):
        *told, rest = (rest + part).split(b"\0")
        yield from told
        if len(rest) > _LONGEST:
            raise GitError("it told something else than it was asked for")
    yield rest


def _parsed(words: Iterator[bytes], wanted: frozenset[str]) -> Iterator[Arrival]:
    commit = authored = author = ""
    for word in words:
        line = word.strip(b"\n")
        if line.startswith(b"\x01"):
            commit, _, rest = line[1:].decode("utf-8", "replace").partition("\x02")
            authored, _, author = rest.partition("\x02")
        elif line.startswith(b":"):
            before, new = (one.decode() for one in line.split(b" ", 4)[2:4])
            path = os.fsdecode(next(words, b""))
            if new in wanted:
                yield Arrival(commit, authored, author, path, new, before if before.strip("0") else "")
