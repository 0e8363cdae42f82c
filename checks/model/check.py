"""The protocol that every check follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from checks.model.finding import Observation
from checks.model.workstation import Workstation


class Check(Protocol):
    """Looks at one kind of place. Changes nothing, opens no connection, starts no program, knows no screen.

    An item that cannot be read is a `Skipped`, never an exception: its neighbours are still looked at. A check may have
    two functions more: `may_claim` (`checks.trees.claiming`) makes large trees quicker, and `look` looks at a Document
    that lies in no file, but in git's history or in an image.
    """

    id: str
    """The module's name in kebab case."""
    title: str

    def survey(self, workstation: Workstation) -> Iterator[Observation]:
        """Looks at the places where this workstation keeps such things: the scan without PATH."""

    def claims(self, path: Path) -> bool:
        """Whether `read` knows the file at this path, by its name and its folder's; met anywhere below a PATH."""

    def read(self, workstation: Workstation, path: Path) -> Iterator[Observation]:
        """Looks at one file."""
