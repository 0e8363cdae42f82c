"""What is looked at together, files of one folder or objects of one repository, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from checks.model.finding import Finding, Skipped


class Batch(NamedTuple):
    """`links` are among the names: only a file that a check knows by its name is read through a link."""

    folder: str
    names: tuple[str, ...]
    links: frozenset[str] = frozenset()

    def path(self, name: str) -> str:
        return f"{self.folder.rstrip('/')}/{name}"


class Objects(NamedTuple):
    """Objects of one repository, by id, with the path under which each was met first: empty where none is known."""

    folder: str
    """The git folder."""
    program: str
    """The git that reads them."""
    names: tuple[str, ...]
    paths: tuple[str, ...]

    def path(self, name: str) -> str:
        return f"{self.folder} {name}"


Work = Batch | Objects
"""What one reader does at a time."""


@dataclass(slots=True)
class Outcome:
    """What was seen in a batch: counts instead of a `Looked` for each of many thousand files."""

    told: list[tuple[str, Finding | Skipped]] = field(default_factory=list)
    """With the id of the check that said it."""
    looked: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Files and bytes by check."""
    passed: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Files and bytes by reason."""
    eventful: set[str] = field(default_factory=set)
    """Names of files that are to be looked at again next time: something was found, or they could not be read."""
    binaries: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)
    """Checks that ended with an error of ours, and which."""
    complete: bool = True
    unchanged: int = 0
    """Files that an earlier scan has read and that are as they were; among the looked at."""
    path: str = ""
    """One of them, to show where the scan is."""
