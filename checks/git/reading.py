"""What objects give away, in the process that reads them. Provenance comes later, and only for hits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from checks import late
from checks.git.objects import MISSING, Object, read_each
from checks.git.repository import CHECK
from checks.git.runner import Git, GitError
from checks.model.finding import Finding, PlaceKind, Skipped
from checks.model.workstation import Workstation
from checks.trees.batch import Objects, Outcome
from checks.trees.contents import Contents

MESSAGES = {"commit": "commit message", "tag": "tag message"}
_SIGNATURE = late.compile(rb"-----BEGIN (?:PGP|SSH) SIGNATURE-----.*", re.DOTALL)


def look_at_objects(objects: Objects, contents: Contents, workstation: Workstation) -> Outcome:
    """Findings name the object as their blob; those that could not be read are told and looked at again next time.

    Objects with one path are to stand together. Without objects the readers make themselves ready.
    """
    outcome = Outcome(path=objects.folder)
    paths = dict(zip(objects.names, objects.paths, strict=True))
    git = Git(objects.program, Path(objects.folder), workstation.cancelled)
    looking = _Looking(contents, objects)
    messages: list[Object] = []
    count = size = 0
    if not objects.names:
        contents.look("", b"")
    for one in _read(git, objects, outcome):
        if workstation.cancelled.is_set():
            outcome.complete = False
            break
        if one.kind == MISSING:
            _told(outcome, one.id, Skipped(CHECK, objects.path(one.id), "it is missing, as in a partial clone"))
            continue
        count, size = count + 1, size + len(one.data)
        if one.kind in MESSAGES:
            messages.append(one)
            continue
        for found in looking.at_file(one, paths[one.id]):
            _told(outcome, one.id, found)
    for name, found in looking.at_messages(messages):
        _told(outcome, name, found)
    outcome.looked[CHECK] = (count, size)
    outcome.failures.update(contents.failures)
    return outcome


class _Looking:
    """One parcel while it is looked at."""

    def __init__(self, contents: Contents, objects: Objects) -> None:
        self._contents = contents
        self._objects = objects
        self._claimed_path = ""
        self._claimed = False

    def at_file(self, one: Object, path: str) -> list[Finding | Skipped]:
        if path != self._claimed_path:
            self._claimed_path, self._claimed = path, self._contents.claims(path)
        look = self._contents.look if self._claimed else self._contents.look_at_text
        return [self._placed(found, one, path) for found in look(path, one.data)]

    def _in_text(self, path: str, data: bytes) -> Iterator[Finding | Skipped]:
        return self._contents.look_at_text(path, data) if data else iter(())

    def at_messages(self, messages: Sequence[Object]) -> Iterator[tuple[str, Finding | Skipped]]:
        """All in one text first: hardly any message gives something away."""
        texts = [_message(one) for one in messages]
        if next(self._in_text("", b"\n\n".join(texts)), None):
            for one, text in zip(messages, texts, strict=True):
                for found in self._in_text("", text):
                    yield one.id, self._placed(found, one, "")

    def _placed(self, found: Finding | Skipped, one: Object, path: str) -> Finding | Skipped:
        if isinstance(found, Skipped):
            return replace(found, check=CHECK, path=self._objects.path(one.id))
        place = replace(
            found.place,
            kind=PlaceKind.GIT,
            path=path,
            repository=self._objects.folder,
            blob=one.id,
            field=MESSAGES.get(one.kind),
        )
        return replace(found, check=CHECK, place=place)


def _read(git: Git, objects: Objects, outcome: Outcome) -> Iterator[Object]:
    def broken(name: str, error: GitError) -> None:
        _told(outcome, name, Skipped(CHECK, objects.path(name), f"not readable: {error}"))

    return read_each(git, objects.names, broken)


def _message(one: Object) -> bytes:
    """What a commit or tag says, without what git itself wrote: who, when, signatures."""
    return _SIGNATURE.sub(b"", one.data.partition(b"\n\n")[2])


def _told(outcome: Outcome, name: str, one: Finding | Skipped) -> None:
    outcome.told.append((CHECK, one))
    outcome.eventful.add(name)
