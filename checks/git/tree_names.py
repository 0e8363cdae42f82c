"""Names of files from trees that we read ourselves: git's own walk ends at the first that is damaged."""

from __future__ import annotations

from collections.abc import Iterator

from checks.git.objects import read_each
from checks.git.runner import Git, GitError
from checks.git.stored import all_objects

_DEEPEST = 600


def names_in_trees(git: Git) -> dict[bytes, bytes]:
    """A path of each object that any tree holds, by id in hexadecimal digits. As far as it can be read."""
    above: dict[bytes, tuple[bytes, bytes]] = {}
    for tree, data in _trees(git):
        for name, entry in _entries(data, len(tree) // 2):
            above.setdefault(entry, (tree, name))
    return {entry: _path(entry, above) for entry in above}


def _path(entry: bytes, above: dict[bytes, tuple[bytes, bytes]]) -> bytes:
    parts: list[bytes] = []
    while entry in above and len(parts) < _DEEPEST:
        entry, name = above[entry]
        parts.append(name)
    return b"/".join(reversed(parts))


def _trees(git: Git) -> Iterator[tuple[bytes, bytes]]:
    try:
        names = [name.decode() for kind, name, _ in all_objects(git) if kind == b"tree"]
    except GitError:
        return
    for one in read_each(git, names, lambda *_: None):
        yield one.id.encode(), one.data


def _entries(data: bytes, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Names and ids of one tree: `MODE NAME NUL ID`, the id in `size` bytes."""
    at = 0
    while (end := data.find(b"\0", at)) >= 0:
        _, _, name = data[at:end].partition(b" ")
        at = end + 1 + size
        yield name, data[end + 1 : at].hex().encode()
