"""What objects give away, in the process that reads them. Provenance comes later, and only for hits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from checks.git.objects import MISSING, Object, read_objects
from checks.git.repository import CHECK
from checks.git.runner import Git, GitError
from checks.model.finding import Finding, PlaceKind, Skipped
from checks.model.workstation import Workstation
from checks.trees.batch import Objects, Outcome
from checks.trees.contents import Contents

MESSAGES = {"commit": "commit message", "tag": "tag message"}
_SIGNATURE = re.compile(rb"-----BEGIN (?:PGP|SSH) SIGNATURE-----.*", re.DOTALL)
_MOST_BROKEN = 100
"""Objects of one parcel that may be damaged before the rest of it is given up."""


def look_at_objects(objects: Objects, contents: Contents, workstation: Workstation) -> Outcome:
    """Findings name the object as their blob; those that could not be read are told and looked at again next time."""
    outcome = Outcome(path=objects.folder)
    paths = dict(zip(objects.names, objects.paths, strict=True))
    git = Git(objects.program, Path(objects.folder), workstation.cancelled)
    count = size = 0
    for one in _read(git, objects, outcome):
        if workstation.cancelled.is_set():
            outcome.complete = False
            break
        if one.kind == MISSING:
            _told(outcome, one.id, Skipped(CHECK, objects.path(one.id), "it is missing, as in a partial clone"))
            continue
        count, size = count + 1, size + len(one.data)
        for found in contents.look(paths[one.id], _text(one)):
            _told(outcome, one.id, _placed(found, one, objects, paths[one.id]))
    outcome.looked[CHECK] = (count, size)
    outcome.failures.update(contents.failures)
    return outcome


def _read(git: Git, objects: Objects, outcome: Outcome) -> Iterator[Object]:
    """All that can be read: git ends at a damaged object, and is started again behind it."""
    names = list(objects.names)
    for _ in range(_MOST_BROKEN):
        done = 0
        try:
            for one in read_objects(git, names):
                done += 1
                yield one
            return
        except GitError as error:
            if git.cancelled.is_set():
                return
            broken, names = names[done : done + 1], names[done + 1 :]
            for name in broken:
                _told(outcome, name, Skipped(CHECK, objects.path(name), f"not readable: {error}"))
            if not names:
                return
    for name in names:
        _told(outcome, name, Skipped(CHECK, objects.path(name), "so many objects beside it are damaged"))


def _text(one: Object) -> bytes:
    """A file's bytes, or what a commit or tag says: what git itself wrote is left out."""
    if one.kind not in MESSAGES:
        return one.data
    return _SIGNATURE.sub(b"", one.data.partition(b"\n\n")[2])


def _placed(found: Finding | Skipped, one: Object, objects: Objects, path: str) -> Finding | Skipped:
    if isinstance(found, Skipped):
        return replace(found, check=CHECK, path=objects.path(one.id))
    field = MESSAGES.get(one.kind)
    place = replace(found.place, kind=PlaceKind.GIT, path=path, repository=objects.folder, blob=one.id, field=field)
    return replace(found, check=CHECK, place=place)


def _told(outcome: Outcome, name: str, one: Finding | Skipped) -> None:
    outcome.told.append((CHECK, one))
    outcome.eventful.add(name)
