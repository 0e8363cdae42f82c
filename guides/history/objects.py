"""What of a repository holds the secret: every object of every type, and the names of its references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.git.objects import MISSING, Object, list_objects, read_objects
from checks.git.runner import Git
from guides.history.spellings import Spelling, found_in

_AT_ONCE = 5000
"""Objects that git is asked for in one call."""
_BINARY = 8192
"""Bytes in which git itself looks for a NUL."""


class Part(StrEnum):
    """What holds it, for people."""

    TEXT = "text of files"
    WIDE = "text in UTF-16"
    BINARY = "binary files"
    NAME = "names of files"
    MESSAGE = "commit messages"
    AUTHOR = "author and committer lines"
    TAG = "tags"
    REFERENCE = "names of branches, tags and other references"


@dataclass(frozen=True, slots=True)
class Hit:
    """One object, or one reference, that holds the secret."""

    id: str
    """Of the object; the name of a reference holds the secret, so it stands nowhere."""
    part: Part
    spellings: tuple[str, ...]
    """Names of the spellings (guides.history.spellings)."""


def hits_in(git: Git, spellings: Sequence[Spelling]) -> Iterator[Hit]:
    """Everything in this repository that holds it, reachable or not. Raises GitError."""
    ids: list[str] = []
    for _, name, _ in list_objects(git):
        ids.append(name.decode())
        if len(ids) == _AT_ONCE:
            yield from _of_objects(read_objects(git, ids), spellings)
            ids = []
    yield from _of_objects(read_objects(git, ids), spellings)
    for name in references(git):
        if found := found_in(name, spellings):
            yield Hit("", Part.REFERENCE, _names(found))


def references(git: Git) -> dict[bytes, bytes]:
    """Every reference's name and the object that it names. Raises GitError."""
    lines = git.read("for-each-ref", "--format=%(objectname) %(refname)").splitlines()
    return {name: held for held, _, name in (line.partition(b" ") for line in lines)}


def is_binary(data: bytes) -> bool:
    return b"\0" in data[:_BINARY]


def _of_objects(objects: Iterator[Object], spellings: Sequence[Spelling]) -> Iterator[Hit]:
    for one in objects:
        if one.kind != MISSING and (found := found_in(one.data, spellings)):
            for part, named in _parts(one, found, spellings).items():
                yield Hit(one.id, part, _names(named))


def _parts(one: Object, found: list[Spelling], spellings: Sequence[Spelling]) -> dict[Part, list[Spelling]]:
    if one.kind == "commit":
        head, _, message = one.data.partition(b"\n\n")
        inside = {Part.AUTHOR: found_in(head, spellings), Part.MESSAGE: found_in(message, spellings)}
        return {part: named for part, named in inside.items() if named} or {Part.MESSAGE: found}
    if one.kind in ("tree", "tag"):
        return {Part.NAME if one.kind == "tree" else Part.TAG: found}
    if not is_binary(one.data):
        return {Part.TEXT: found}
    return {Part.WIDE if all(spelling.wide for spelling in found) else Part.BINARY: found}


def _names(spellings: Sequence[Spelling]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in spellings))
