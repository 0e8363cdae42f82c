"""The scan: checks side by side, their observations as events while they arrive."""

from __future__ import annotations

import queue
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from checks.files.walk import NotWalked, walk
from checks.model.check import Check
from checks.model.finding import Finding, Observation, Skipped
from checks.model.workstation import Workstation


@dataclass(frozen=True, slots=True)
class FindingFound:
    finding: Finding


@dataclass(frozen=True, slots=True)
class ItemSkipped:
    skipped: Skipped


@dataclass(frozen=True, slots=True)
class Progress:
    """What one check has looked at so far."""

    check: str
    items: int
    bytes: int
    path: str


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check is done. `failure` names an error of ours that ended it early: the scan is then incomplete."""

    check: str
    items: int
    bytes: int
    seconds: float
    failure: str = ""


Event = FindingFound | ItemSkipped | Progress | CheckFinished


def scan(workstation: Workstation, checks: Sequence[Check], paths: Sequence[Path] = ()) -> Iterator[Event]:
    """Runs the checks side by side and yields events as they happen; every check ends with its CheckFinished.

    Without paths each check surveys the workstation; with paths one walk hands every file to the checks that claim it.
    Closing the iterator, or setting `workstation.cancelled`, ends the scan soon; what was found has been yielded.
    """
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    tallies = [_Tally(check.id, events.put) for check in checks]
    with ThreadPoolExecutor(max(1, len(checks)), thread_name_prefix="check") as pool:
        if paths:
            walk_all = pool.submit(_read_trees, workstation, checks, tallies, paths)
            for tally in tallies:
                walk_all.add_done_callback(tally.finish)
        else:
            for check, tally in zip(checks, tallies, strict=True):
                pool.submit(_survey, workstation, check, tally).add_done_callback(tally.finish)
        running = len(checks)
        try:
            while running:
                event = events.get()
                running -= isinstance(event, CheckFinished)
                yield event
        finally:
            if running:
                workstation.cancelled.set()


class _Tally:
    """Counts and times what one check looks at, and reports it as events."""

    def __init__(self, check: str, report: Callable[[Event], None]) -> None:
        self.check = check
        self.report = report
        self.items = 0
        self.bytes = 0
        self.started = time.monotonic()

    def tell(self, observation: Observation) -> None:
        if isinstance(observation, Finding):
            self.report(FindingFound(observation))
        elif isinstance(observation, Skipped):
            self.report(ItemSkipped(observation))
        else:
            self.items += 1
            self.bytes += observation.bytes
            self.report(Progress(self.check, self.items, self.bytes, observation.path))

    def finish(self, future: Future[None]) -> None:
        error = future.exception()
        seconds = time.monotonic() - self.started
        self.report(CheckFinished(self.check, self.items, self.bytes, seconds, _failure(error) if error else ""))


def _survey(workstation: Workstation, check: Check, tally: _Tally) -> None:
    for observation in check.survey(workstation):
        tally.tell(observation)
        if workstation.cancelled.is_set():
            return


def _read_trees(
    workstation: Workstation, checks: Sequence[Check], tallies: Sequence[_Tally], paths: Sequence[Path]
) -> None:
    for top in paths:
        for found in walk(workstation, top):
            if isinstance(found, NotWalked):
                tallies[0].tell(Skipped("walk", found.path, found.reason))
                continue
            for check, tally in zip(checks, tallies, strict=True):
                if check.claims(found):
                    for observation in check.read(workstation, found):
                        tally.tell(observation)


def _failure(error: BaseException) -> str:
    """An error of ours by type and place only: its message could hold what was read."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
