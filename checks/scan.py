"""The scan: checks side by side, their observations as events while they arrive."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from checks import docker_images, git_history, source_text
from checks.engine.layers import read_layers
from checks.failure import error_text
from checks.git.history import read_histories
from checks.model.check import Check
from checks.model.finding import Finding, Observation, PassedOver, Skipped
from checks.model.workstation import Workstation
from checks.trees.batch import Outcome
from checks.trees.merge import new_to
from checks.trees.reading import read_trees
from checks.trees.trees import KNOWN_PLACES, Trees


class FindingFound(NamedTuple):
    finding: Finding


class ItemSkipped(NamedTuple):
    skipped: Skipped


class Progress(NamedTuple):
    """What one check has looked at so far."""

    check: str
    items: int
    bytes: int
    path: str


class CheckFinished(NamedTuple):
    """A check is done. `failure` names an error of ours that ended it early: the scan is then incomplete."""

    check: str
    items: int
    bytes: int
    seconds: float
    failure: str = ""
    unchanged: int = 0
    """Files among the items that an earlier scan has read and that are as they were."""


Event = FindingFound | ItemSkipped | Progress | CheckFinished


Judge = Callable[[Finding], Finding]
"""Says of a finding why the person does not want to be told of it, if so. It may be asked from several threads."""


def scan(
    workstation: Workstation,
    checks: Sequence[Check],
    paths: Sequence[Path] = (),
    trees: Trees = KNOWN_PLACES,
    judge: Judge = lambda finding: finding,
) -> Iterator[Event]:
    """Runs the checks side by side and yields events as they happen; every check ends with its CheckFinished.

    Without paths each check surveys the workstation, and then, where `trees` says so, the work trees below the home
    folder are read; with paths exactly those. Closing the iterator, or setting `workstation.cancelled`, ends the scan
    soon; what was found has been yielded.
    """
    workstation = replace(workstation, named=tuple(paths) or workstation.named)
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    tallies = {check.id: _Tally(check.id, events.put, judge) for check in checks}
    with ThreadPoolExecutor(len(checks) + 1, thread_name_prefix="check") as pool:
        later = bool(paths) or trees.repositories
        surveys = [] if paths else [pool.submit(_survey, workstation, check, tallies[check.id]) for check in checks]
        for survey, tally in zip(surveys, tallies.values(), strict=False):
            survey.add_done_callback(tally.surveyed if later else tally.finish)
        if later:
            reading = pool.submit(_read, workstation, checks, paths, trees, surveys, tallies, judge, events.put)
            for tally in tallies.values():
                reading.add_done_callback(tally.finish)
        running = len(tallies)
        try:
            while running:
                event = events.get()
                running -= isinstance(event, CheckFinished)
                yield event
        finally:
            if running:
                workstation.cancelled.set()


@dataclass(slots=True)
class _Tally:
    """Counts and times what one check looks at, and reports it as events."""

    check: str
    report: Callable[[Event], None]
    judge: Judge
    items: int = 0
    bytes: int = 0
    unchanged: int = 0
    failure: str = ""
    started: float = field(default_factory=time.monotonic)
    told: list[Finding] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)

    def tell(self, observation: Observation) -> None:
        if isinstance(observation, Finding):
            self.told.append(observation)
            self.report(FindingFound(self.judge(observation)))
        elif isinstance(observation, Skipped):
            self.report(ItemSkipped(observation))
        elif isinstance(observation, PassedOver):
            self.report(ItemSkipped(Skipped(self.check, observation.path, observation.reason, size=observation.bytes)))
        else:
            self.looked_at.append(observation.path)
            self.looked(1, observation.bytes, observation.path)

    def looked(self, items: int, size: int, path: str) -> None:
        self.items += items
        self.bytes += size
        self.report(Progress(self.check, self.items, self.bytes, path))

    def surveyed(self, future: Future[None]) -> None:
        if error := future.exception():
            self.failure = error_text(error)

    def finish(self, future: Future[None]) -> None:
        self.surveyed(future)
        seconds = time.monotonic() - self.started
        self.report(CheckFinished(self.check, self.items, self.bytes, seconds, self.failure, self.unchanged))


def _survey(workstation: Workstation, check: Check, tally: _Tally) -> None:
    for observation in check.survey(workstation):
        tally.tell(observation)
        if workstation.cancelled.is_set():
            return


def _read(
    workstation: Workstation,
    checks: Sequence[Check],
    paths: Sequence[Path],
    trees: Trees,
    surveys: Sequence[Future[None]],
    tallies: dict[str, _Tally],
    judge: Judge,
    report: Callable[[Event], None],
) -> None:
    """The text of what the surveys looked at, then the trees."""
    for survey in surveys:
        survey.exception()  # waits; each check has told its own
    looked_at = sorted({path for tally in tallies.values() for path in tally.looked_at if path.startswith("/")})
    if source_text.id in tallies:
        unwanted = {path for path in looked_at if any(check.claims(Path(path)) for check in trees.declined)}
        _read_text(workstation, [path for path in looked_at if path not in unwanted], tallies)
    for seen in _seen(workstation, checks, paths, trees, frozenset(looked_at)):
        if isinstance(seen, Finding):
            report(FindingFound(judge(seen)))
            continue
        if isinstance(seen, Skipped):
            report(ItemSkipped(seen))
            continue
        for _, one in seen.told:
            report(FindingFound(judge(one)) if isinstance(one, Finding) else ItemSkipped(one))
        for name, (files, size) in seen.looked.items():
            tallies[name].looked(files, size, seen.path)
        for name, failure in seen.failures.items():
            tallies[name].failure = failure
        if source_text.id in tallies:
            tallies[source_text.id].unchanged += seen.unchanged


def _seen(
    workstation: Workstation,
    checks: Sequence[Check],
    paths: Sequence[Path],
    trees: Trees,
    looked_at: frozenset[str],
) -> Iterator[Outcome | Finding | Skipped]:
    """The files of the trees, the histories of the repositories that were met in them, then the layers of images."""
    deadline = trees.deadline(paths)
    met: list[Path] = []
    yield from read_trees(workstation, checks, paths, trees, looked_at, met, deadline)
    if git_history in checks:
        yield from read_histories(workstation, met, trees, None if trees.history else deadline)
    if docker_images in checks and not paths:
        yield from read_layers(workstation, trees, None if trees.images else deadline)


def _read_text(workstation: Workstation, paths: Sequence[str], tallies: dict[str, _Tally]) -> None:
    """What a file that a survey looked at gives away beside what the check understood."""
    told: dict[str, list[Finding]] = {}
    for finding in (finding for tally in tallies.values() for finding in tally.told):
        told.setdefault(finding.place.path, []).append(finding)
    for path in paths:
        if workstation.cancelled.is_set():
            return
        for observation in new_to(told.get(path, ()), source_text.read(workstation, Path(path))):
            if not isinstance(observation, Skipped):  # the check has said it
                tallies[source_text.id].tell(observation)
