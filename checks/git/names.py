"""Secrets in the names of files: told like those in files, and hidden wherever the name is shown."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checks import source_text
from checks.git.repository import CHECK
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Skipped
from checks.model.secret import Secret
from checks.model.workstation import Workstation

_ADVICE = "Revoke it: whoever sees the list of files has it, and a name in the history goes only by rewriting it."


@dataclass(frozen=True, slots=True)
class Telling:
    """A name that gives a secret away."""

    secret: Secret
    path: str = field(repr=False)
    blob: str
    found: Finding

    def finding(self, repository: str) -> Finding:
        path = hidden(self.path, [self])
        place = Place(path, PlaceKind.GIT, repository=repository, blob=self.blob, field="file name")
        return replace(self.found, check=CHECK, place=place, advice=_ADVICE)


def names_that_tell(workstation: Workstation, paths: Mapping[bytes, bytes]) -> list[Telling]:
    """The first name for each secret whose form gives it away. `paths` by id of their object."""
    by_path = {path.replace(b"\n", b" "): name for name, path in paths.items()}
    lines = list(by_path)
    told: dict[Secret, Telling] = {}
    for one in source_text.findings_in(b"\n".join(lines), "", workstation, commands=False):
        if not isinstance(one, Finding) or not one.secret or not one.secret.form or one.confidence < Confidence.LIKELY:
            continue
        if one.secret not in told and one.place.line:
            name = by_path[lines[one.place.line - 1]]
            told[one.secret] = Telling(one.secret, os.fsdecode(paths[name]), name.decode(), one)
    return list(told.values())


def masked(found: Iterable[Finding | Skipped], telling: Sequence[Telling]) -> Iterator[Finding | Skipped]:
    """What was found, without the secrets that stand in the names of its files."""
    for one in found:
        if isinstance(one, Finding) and telling:
            yield replace(one, place=replace(one.place, path=hidden(one.place.path, telling)))
        else:
            yield one


def hidden(path: str, telling: Sequence[Telling]) -> str:
    for one in telling:
        path = path.replace(one.secret.reveal(), f"[{one.secret.masked}]")
    return path
