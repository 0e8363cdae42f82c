"""How trees are read: by whom, for how long, and which."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.model.check import Check
from checks.trees.pool import Pool

BUDGET = 60.0


@dataclass(frozen=True, slots=True)
class Trees:
    """How trees are read. Without a pool this process reads alone; without a state folder nothing is remembered."""

    pool: Pool | None = None
    state: Path | None = None
    repositories: bool = False
    """Without a PATH, the work trees of the repositories below the home folder are read."""
    budget: float | None = BUDGET
    """Seconds for those, None without a limit. Trees that the person named are read to their end."""
    declined: tuple[Check, ...] = ()
    """Checks that the person does not want: what they would look at is looked at by no other."""
    full: bool = False
    """Also what others wrote and caches, which are left out otherwise."""
    history: bool = False
    """The histories of those repositories are read to their end."""
    images: bool = False
    """So are the layers of all images of the container engines here."""

    def deadline(self, named: Sequence[Path]) -> float | None:
        """When to end, on the clock of time.monotonic, for a reading that begins now."""
        return None if named or self.budget is None else time.monotonic() + self.budget


KNOWN_PLACES = Trees()
"""Only the known places, and the trees that are named, by this process alone."""
