"""Looking again for one secret: where it lies now, in the known places and in the files of its case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from checks.catalog import CHECKS
from checks.model.finding import Finding, PlaceKind, Skipped
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.scan import Event, FindingFound, ItemSkipped, scan
from checks.trees.trees import KNOWN_PLACES, Trees


def look(
    workstation: Workstation,
    wanted: Callable[[Secret], bool],
    files: Collection[str] = (),
    trees: Trees = KNOWN_PLACES,
    missed: Callable[[Skipped], None] = lambda _: None,
    weak: Callable[[Finding], None] = lambda _: None,
) -> tuple[Finding, ...]:
    """Findings whose secret is wanted, each place once. `missed` hears of the case's files that could not be read,
    `weak` of findings without a secret.

    With `trees.repositories` the work trees below the home folder are read too; that takes as long as a scan.
    """
    found: dict[str, Finding] = {}
    named = [Path(path) for path in sorted(files) if Path(path).exists()]
    for event in _events(workstation, named, trees):
        if isinstance(event, FindingFound) and not event.finding.secret:
            weak(event.finding)
        elif isinstance(event, FindingFound) and event.finding.secret and wanted(event.finding.secret):
            found.setdefault(event.finding.id(workstation.key), event.finding)
        elif isinstance(event, ItemSkipped) and event.skipped.path in files:
            missed(event.skipped)
    return tuple(sorted(found.values(), key=lambda one: (one.place.path, one.place.line or 0)))


def files_of(places: Collection[tuple[str, str]]) -> frozenset[str]:
    """Paths of the places that are files, from (kind, path)."""
    return frozenset(path for kind, path in places if kind == PlaceKind.FILE)


def _events(workstation: Workstation, named: list[Path], trees: Trees) -> Iterator[Event]:
    yield from scan(workstation, CHECKS, trees=trees)
    if named:
        yield from scan(workstation, CHECKS, named)
