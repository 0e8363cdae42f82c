"""What a change brings: contents with their names, read from git's objects and never from the work tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from checks.files.reading import size_text
from checks.git.objects import read_objects
from checks.git.runner import Git
from checks.model.finding import Skipped

CHECK = "git-change"
LOOKED_AT = frozenset({"blob", "commit", "tag"})
"""Kinds of objects that hold what people wrote: files, and the messages of commits and tags."""
_ASKED = "--batch-check=%(objecttype) %(objectsize) %(objectname)"


class Item(NamedTuple):
    """One object. The path is relative to the repository, surrogate escapes where it is not UTF-8; empty for none."""

    path: str
    id: str
    before: tuple[str, ...] = ()
    """The blobs that stood there before, where that is known already."""


class Content(NamedTuple):
    item: Item
    kind: str
    """blob, commit or tag."""
    data: bytes


def contents(git: Git, items: Sequence[Item], largest: int) -> Iterator[Content | Skipped]:
    """What the items hold; what is missing or larger than `largest` bytes is Skipped. Trees are left out.

    Raises GitError.
    """
    wanted: list[Item] = []
    for item, (kind, size) in zip(items, _described(git, [item.id for item in items]), strict=True):
        if kind == "missing":
            yield Skipped(CHECK, item.path or item.id, "missing from this clone")
        elif kind in LOOKED_AT and size > largest:
            reason = f"too large: {size_text(size)}, the limit is {size_text(largest)}"
            yield Skipped(CHECK, item.path or item.id, reason, size=size)
        elif kind in LOOKED_AT:
            wanted.append(item)
    for item, held in zip(wanted, read_objects(git, [item.id for item in wanted]), strict=True):
        yield Content(item, held.kind, held.data)


def _described(git: Git, ids: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Kind and size in bytes of each, in this order. Format: git-cat-file(1), "BATCH OUTPUT"."""
    if not ids:
        return
    with git.running("cat-file", _ASKED, "--buffer", stdin="".join(f"{one}\n" for one in ids).encode()) as stream:
        for line in stream:
            words = line.decode("ascii", "replace").split()
            yield (words[0], int(words[1])) if len(words) == 3 else ("missing", 0)
