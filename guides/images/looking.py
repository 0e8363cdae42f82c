"""Looking again at images: whether the old secret is still in those where it was found, or in the file of a new one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checks import containers, docker_images, image_archives
from checks.engine.layers import read_layers
from checks.model.finding import Finding, Looked, Observation, Skipped
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.trees.batch import Outcome
from checks.trees.trees import Trees
from guides.case.model import CasePlace
from guides.images.removing import reference_of

ENGINE = (docker_images.id, containers.id)
"""Checks whose places an engine of this machine tells."""
Wanted = Callable[[Secret], bool]


@dataclass
class Seen:
    """Where the secret was found, what was read, and what was not: (check, path, reason)."""

    found: list[Finding] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    skipped: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, check: str, said: Iterable[Observation], wanted: Wanted) -> None:
        for one in said:
            if isinstance(one, Finding):
                self.found += [one] if one.secret and wanted(one.secret) else []
            elif isinstance(one, Looked):
                self.read.add(one.path)
            elif isinstance(one, Skipped):
                self.skipped.append((check, one.path, one.reason))

    def why_unknown(self, place: CasePlace) -> str:
        """Why it cannot be said that this place is clean, or an empty text."""
        archive = archive_of(place)
        for check, path, reason in self.skipped:
            if path.startswith(archive) if archive else check in ENGINE and _concerns(path, place):
                return f"{path}: {reason}"
        return "" if archive or place.check in ENGINE else "no check here looks at it again"


def _concerns(path: str, place: CasePlace) -> bool:
    """Whether what an engine could not tell may be this place's image: another image is none, the engine itself is."""
    first = path.split(" ", 1)[0].rstrip(",")
    if first in (place.image or "").split(", "):
        return True
    return not first.startswith("sha256:") and reference_of(first) is None


def archive_of(place: CasePlace) -> str:
    """The file or layout folder that holds this place's image; empty where an engine does."""
    return (place.repository or "") if place.check == image_archives.id else ""


def look_at_images(workstation: Workstation, wanted: Wanted, places: Collection[CasePlace]) -> Seen:
    """Their archives, and the engines of this machine where one of them holds a place. What is gone holds nothing."""
    seen = Seen()
    for archive in sorted({one for place in places if (one := archive_of(place))}):
        if Path(archive).exists():
            _archive(seen, workstation, wanted, Path(archive))
    if any(place.check in ENGINE for place in places):
        seen.add(docker_images.id, docker_images.survey(workstation), wanted)
        seen.add(docker_images.id, _in_layers(workstation), wanted)
        seen.add(containers.id, containers.survey(workstation), wanted)
    return seen


def _in_layers(workstation: Workstation) -> Iterator[Observation]:
    for one in read_layers(workstation, Trees(images=True)):
        if isinstance(one, Outcome):
            yield from (said for _, said in one.told)
        else:
            yield one


def look_at_archive(workstation: Workstation, wanted: Wanted, archive: Path) -> Seen:
    """One file of docker save or a layout folder. Nothing is read where it holds no image."""
    seen = Seen()
    _archive(seen, workstation, wanted, archive)
    return seen


def _archive(seen: Seen, workstation: Workstation, wanted: Wanted, archive: Path) -> None:
    path = archive / "index.json" if archive.is_dir() else archive
    if image_archives.claims(path):
        seen.add(image_archives.id, image_archives.read(workstation, path), wanted)
