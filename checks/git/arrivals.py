"""The commits in which objects came to stand under their paths.

One walk for all: git-log(1) with `--find-object` names the commits in which their number of occurrences changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks.git.runner import Git

EVERYTHING = ("--all", "--reflog")
_AT_ONCE = 5000
"""Objects that are looked for in one walk, as arguments."""
_LOG = (
    *("log", "--full-history", "--topo-order", "--reverse", "--raw", "-r", "-z", "--no-abbrev", "--no-renames"),
    *("--diff-merges=first-parent", "--no-color", "--no-decorate", "--ignore-missing"),
    "--format=%x01%H%x02%aI%x02%an",
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A commit in which an object came to stand under a path. A merge counts by what its first parent had not."""

    commit: str
    authored: str
    """RFC 3339, with the author's own zone."""
    author: str
    path: str
    blob: str
    before: str = ""
    """The object that stood there before."""


@dataclass(frozen=True, slots=True)
class Span:
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
        with git.running(*_LOG, *sought, *arguments, stdin=given) as stream:
            yield from _parsed(_words(stream), wanted)


def _words(stream: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for part in stream:
        *words, rest = (rest + part).split(b"\0")
        yield from words
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
