"""Git's objects: which there are, and what is in them. Formats: git-cat-file(1), "BATCH OUTPUT"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from checks.git.runner import Git, GitError

MISSING = "missing"
_LISTED = "--batch-check=%(objecttype) %(objectsize) %(objectname)"


@dataclass(frozen=True, slots=True)
class Object:
    """One object. A missing one has no data: in a partial or damaged clone."""

    id: str
    kind: str
    """blob, tree, commit, tag, or `MISSING`."""
    data: bytes = field(default=b"", repr=False)


def read_objects(git: Git, ids: Sequence[str]) -> Iterator[Object]:
    """These objects in this order, while git reads them. Raises GitError."""
    if not ids:
        return
    with git.running("cat-file", "--batch", "--buffer", stdin="\n".join((*ids, "")).encode()) as stream:
        for name in ids:
            yield _object(stream, name)


def _object(stream: IO[bytes], name: str) -> Object:
    head = stream.readline(200)
    words = head.split()
    if not head.endswith(b"\n") or len(words) < 2:
        raise GitError(f"git ended before the object {name[:12]}")
    if len(words) != 3:
        return Object(name, MISSING)
    size = int(words[2])
    data = stream.read(size + 1)
    if len(data) != size + 1:
        raise GitError(f"git ended within the object {name[:12]}")
    return Object(name, words[1].decode(), data[:-1])


def list_objects(git: Git) -> Iterator[tuple[bytes, bytes, int]]:
    """Kind, id in hexadecimal digits and size of every object there is, reachable or not, as they lie in the packs."""
    with git.running("cat-file", _LISTED, "--batch-all-objects", "--unordered", "--buffer") as stream:
        for line in stream:
            kind, size, name = line.split()
            yield kind, name, int(size)


def sizes(git: Git, ids: Iterable[str]) -> dict[str, int]:
    """Sizes of these objects in bytes, without those that are missing. Raises GitError."""
    given = "\n".join((*ids, "")).encode()
    held = (line.split() for line in git.read("cat-file", _LISTED, "--buffer", stdin=given).splitlines())
    return {words[2].decode(): int(words[1]) for words in held if len(words) == 3}
