"""Git's objects: every version of every file, messages, what was staged, stashed or dropped.

The scan hands it the repositories that it has met (`checks.git.history`): what was found is told once for each secret
and file, with the commit that brought it in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.git.repository import CHECK
from checks.model.finding import Observation
from checks.model.workstation import Workstation

id = CHECK  # noqa: A001  the protocol's name
title = "history of git repositories"


def survey(_: Workstation) -> Iterator[Observation]:
    return iter(())


def claims(_: Path) -> bool:
    return False


def read(_: Workstation, __: Path) -> Iterator[Observation]:
    return iter(())
