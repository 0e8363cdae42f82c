"""What the next commit would bring: the blobs of the index that the last commit has not. The work tree is not read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from checks.git.items import Item
from checks.git.runner import Git, GitError

_SUBMODULE = b"160000"


def staged(git: Git, meanwhile: Callable[[], object] = lambda: None) -> list[Item]:
    """Every path whose content is new in the index, a merge's too, each with what stood there before.

    A file that only moved brings nothing new: what stood before is then itself. Format: git-diff-index(1), "RAW OUTPUT
    FORMAT". `meanwhile` is done while git looks. Raises GitError.
    """
    options = ("--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=ACDMT")
    changes = list(_changes(_compared(git, meanwhile, *options)))
    gone = {old for _, mode, old, _ in changes if not mode.strip(b"0")}
    return [
        Item(path, new, (new,) if new in gone else () if not old.strip("0") else (old,))
        for path, mode, old, new in changes
        if mode.strip(b"0") and mode != _SUBMODULE and new != old
    ]


def _compared(git: Git, meanwhile: Callable[[], object], *options: str) -> bytes:
    """With the last commit, or before the first one with the empty tree; its id depends on the repository's hash."""
    try:
        return git.read("diff-index", *options, "HEAD", "--", meanwhile=meanwhile)
    except GitError:
        empty = git.read("hash-object", "-t", "tree", "--stdin").decode().strip()
        return git.read("diff-index", *options, empty, "--")


def _changes(raw: bytes) -> Iterator[tuple[str, bytes, str, str]]:
    """Path, new mode, old id and new id of each entry."""
    words = iter(raw.split(b"\0"))
    for head in words:
        if head.startswith(b":"):
            _, mode, old, new, _ = head[1:].split(b" ")
            yield os.fsdecode(next(words)), mode, old.decode(), new.decode()
