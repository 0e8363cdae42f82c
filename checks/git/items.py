"""What a change brings: contents with their names, read from git's objects and never from the work tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from checks.files.reading import size_text
from checks.git.objects import MISSING, read_objects
from checks.git.runner import Git
from checks.model.finding import Skipped

CHECK = "git-change"
LOOKED_AT = frozenset({"blob", "commit", "tag"})
"""Kinds of objects that hold what people wrote: files, and the messages of commits and tags."""


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
    for item, held in zip(items, read_objects(git, [item.id for item in items], largest), strict=True):
        if held.kind == MISSING:
            yield Skipped(CHECK, item.path or item.id, "missing from this clone")
        elif held.kind in LOOKED_AT and held.size > largest:
            reason = f"too large: {size_text(held.size)}, the limit is {size_text(largest)}"
            yield Skipped(CHECK, item.path or item.id, reason, size=held.size)
        elif held.kind in LOOKED_AT:
            yield Content(item, held.kind, held.data)
