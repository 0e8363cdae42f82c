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
    with ThreadPoolExecutor(len(checks) + 1, thread_name_prefix="check") as pool:
        claimed: list[_Claimed] = [queue.SimpleQueue() for _ in checks]
        walking = pool.submit(_walk, workstation, checks, claimed, paths, events.put) if paths else None
        for check, tally, files in zip(checks, tallies, claimed, strict=True):
            looks = _read(workstation, check, files, walking) if walking else check.survey(workstation)
            pool.submit(_run, workstation, looks, tally).add_done_callback(tally.finish)
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
        self.report(CheckFinished(self.check, self.items, self.bytes, seconds, error_text(error) if error else ""))


_Claimed = queue.SimpleQueue[Path | None]
"""Files for one check, then None."""


def _run(workstation: Workstation, looks: Iterator[Observation], tally: _Tally) -> None:
    for observation in looks:
        tally.tell(observation)
        if workstation.cancelled.is_set():
            return


def _walk(
    workstation: Workstation,
    checks: Sequence[Check],
    claimed: Sequence[_Claimed],
    paths: Sequence[Path],
    report: Callable[[Event], None],
) -> None:
    """Hands every file to the checks that claim it: one walk for all."""
    try:
        for named, found in ((path, one) for path in paths for one in walk(workstation, path)):
            if isinstance(found, NotWalked):
                report(ItemSkipped(Skipped("walk", found.path, found.reason)))
                continue
            claiming = [files for check, files in zip(checks, claimed, strict=True) if check.claims(found)]
            for files in claiming:
                files.put(found)
            if not claiming and found == named:
                report(ItemSkipped(Skipped("walk", str(found), "no check knows this kind of file")))
    finally:
        for files in claimed:
            files.put(None)


def _read(workstation: Workstation, check: Check, files: _Claimed, walking: Future[None]) -> Iterator[Observation]:
    """In the check's own thread, so that a check that fails ends alone."""
    while path := files.get():
        if workstation.cancelled.is_set():
            return
        yield from check.read(workstation, path)
    walking.result()  # an error of the walk is an error of every check


def error_text(error: BaseException) -> str:
    """An error of ours by type and place only: its message could hold what was read."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
