"""The repository that a set-up is for, read from its files: git is not started."""

from __future__ import annotations

import os
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.git.repository import Repository, repository_at
from guides.guards.ci.catalog import SAFE_BRANCH

_USUAL = "main"
_ORIGIN = "refs/remotes/origin/"
_SMALL = 4096


def work_tree_around(folder: Path) -> Path | None:
    """The top of the work tree that this folder is in, a linked one too; None where it is in none."""
    for place in (folder, *folder.parents):
        if os.path.lexists(place / ".git") and isinstance(repository_at(place), Repository):
            return place
    return None


def main_branch(top: Path | None) -> str:
    """The branch that `origin` calls its own, as the clone noted it; `main` where it did not.

    A name that would have to be quoted in a set-up is not taken either.
    """
    found = repository_at(top) if top else None
    if not isinstance(found, Repository):
        return _USUAL
    try:
        data = read_file(found.folder / _ORIGIN / "HEAD", _SMALL).data
    except NotRead:
        return _USUAL
    name = os.fsdecode(data).strip().removeprefix("ref: ").removeprefix(_ORIGIN)
    return name if SAFE_BRANCH.fullmatch(name) else _USUAL
