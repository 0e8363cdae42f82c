"""Git's objects: which there are, and what is in them. Formats: git-cat-file(1), "BATCH OUTPUT"."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from checks.git.runner import Git, GitError, GitSilent

MISSING = "missing"
DAMAGED = b"damaged"
"""In the place of the kind: git has a file for this object, but cannot read it."""
_FULL = (40, 64)
"""Digits of an id; names of other kinds are answered by the id."""
_MOST_STARTS = 2000
"""Of git, for a damaged parcel."""
_LISTED = "--batch-check=%(objecttype) %(objectsize) %(objectname)"


@dataclass(frozen=True, slots=True)
class Object:
    """One object. A missing one has no data: in a partial or damaged clone."""

    id: str
    kind: str
    """blob, tree, commit, tag, or `MISSING`."""
    data: bytes = field(default=b"", repr=False)
    size: int = 0
    """In bytes. Of one that was too large there is no data."""


def read_objects(git: Git, ids: Sequence[str], largest: int = sys.maxsize) -> Iterator[Object]:
    """These objects in this order, while git reads them; no data of those above `largest` bytes. Raises GitError.

    git is started again behind one that is too large: to wait for all of it could take minutes.
    """
    left = deque(ids)
    while left:
        with git.running("cat-file", "--batch", "--buffer", stdin="\n".join((*left, "")).encode()) as stream:
            while left:
                one = _object(stream, left.popleft(), largest)
                yield one
                if one.size > largest:
                    break


def read_each(git: Git, ids: Sequence[str], broken: Callable[[str, GitError], None]) -> Iterator[Object]:
    """Those of these objects that can be read; `broken` is told of the others. It ends soon when all is cancelled.

    git ends at a damaged object, or says of one that it is longer than it is. It is started again from there, and what
    it then cannot read first is the damaged one.
    """
    left = list(ids)
    for _ in range(_MOST_STARTS):
        done = 0
        try:
            for one in read_objects(git, left):
                done += 1
                yield one
            return
        except GitError as error:
            if git.cancelled.is_set():
                return
            left = left[done:]
            trouble = error
        if isinstance(trouble, GitSilent):
            break  # it would be waited for again and again
        if not done:
            broken(left.pop(0), trouble)
        trouble = GitError("so many objects beside it are damaged")
    for name in left:
        broken(name, trouble)


def _object(stream: IO[bytes], name: str, largest: int) -> Object:
    head = stream.readline(200)
    words = head.split()
    if not head.endswith(b"\n") or len(words) < 2:
        raise GitError(f"git ended before the object {name[:12]}")
    if len(name) in _FULL and words[0].decode("utf-8", "replace") != name:
        raise GitError(f"git told another object than {name[:12]}: one before it is shorter than it says")
    if len(words) != 3:
        return Object(name, MISSING)
    if not words[2].isdigit() or len(words[2]) > 20:
        raise GitError(f"git told no size of the object {name[:12]}")
    size = int(words[2])
    if size > largest:
        return Object(name, words[1].decode(), size=size)
    data = stream.read(size + 1)
    if len(data) != size + 1 or not data.endswith(b"\n"):
        raise GitError(f"git ended within the object {name[:12]}")
    return Object(name, words[1].decode(), data[:-1], size)


def list_objects(git: Git) -> Iterator[tuple[bytes, bytes, int]]:
    """Kind, id in hexadecimal digits and size of every object there is, reachable or not, as they lie in the packs."""
    with git.running("cat-file", _LISTED, "--batch-all-objects", "--unordered", "--buffer") as stream:
        yield from map(_listed, stream)


def check_objects(git: Git, names: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, int]]:
    """The same of these objects, in this order. Raises GitError, also where git ends early without a word."""
    done = 0
    if names:
        with git.running("cat-file", _LISTED, "--buffer", stdin=b"\n".join((*names, b""))) as stream:
            for line in stream:
                yield _listed(line)
                done += 1
    if done < len(names):
        raise GitError("git ended before all objects were listed")


def _listed(line: bytes) -> tuple[bytes, bytes, int]:
    match line.split():
        case [kind, size, name] if size.isdigit() and len(size) < 20:
            return kind, name, int(size)
        case [name, b"missing"]:
            return DAMAGED, name, 0
    raise GitError("git's list of objects is not as it should be")


def sizes(git: Git, ids: Iterable[str]) -> dict[str, int]:
    """Sizes of these objects in bytes, without those that are missing. Raises GitError."""
    given = "\n".join((*ids, "")).encode()
    held = (line.split() for line in git.read("cat-file", _LISTED, "--buffer", stdin=given).splitlines())
    return {words[2].decode(): int(words[1]) for words in held if len(words) == 3}
