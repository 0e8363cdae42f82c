"""A finished scan: what every report is made of."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.ignore.ignores import Ignores
from checks.model.check import Check
from checks.model.credential import Credential, group
from checks.model.finding import Confidence, Finding, Severity, Skipped
from checks.model.use import Use
from checks.model.workstation import Workstation
from checks.scan import CheckFinished, Event, FindingFound, ItemSkipped, scan
from checks.trees.trees import KNOWN_PLACES, Trees


@dataclass(frozen=True)
class Gathered:
    """All that one scan saw, in an order that does not depend on which check was faster."""

    workstation: Workstation
    started: datetime.datetime
    seconds: float
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    finished: tuple[CheckFinished, ...]
    left_out: tuple[str, ...]
    """Ids of the checks that were not asked to run."""
    notes: tuple[str, ...] = ()
    """What the person should know of their ignores: malformed, unused, expired."""
    uses: tuple[Use, ...] = ()
    """Where credentials are used, where that was looked for: `scan` does not."""

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings without the ignored ones."""
        return tuple(finding for finding in self.findings if not finding.ignored)

    @property
    def ignored(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.ignored)

    @property
    def credentials(self) -> tuple[Credential, ...]:
        return group(self.told, self.workstation.key)

    @property
    def settings(self) -> tuple[Finding, ...]:
        """Findings that hold no secret: weak settings, malformed entries."""
        return tuple(finding for finding in self.told if not finding.secret)

    @property
    def places_skipped(self) -> tuple[Skipped, ...]:
        """Each place once, however many checks wanted to look at it."""
        return tuple({(one.path, one.reason): one for one in self.skipped}.values())

    @property
    def failures(self) -> tuple[CheckFinished, ...]:
        return tuple(finished for finished in self.finished if finished.failure)

    def at_least(self, level: Severity) -> bool:
        """Whether something that is more than possible is this severe."""
        return any(one.severity >= level and one.confidence > Confidence.POSSIBLE for one in self.told)


def gather(
    workstation: Workstation,
    checks: Sequence[Check],
    paths: Sequence[Path],
    left_out: Sequence[str] = (),
    told: Callable[[Event], None] = lambda _: None,
    trees: Trees = KNOWN_PLACES,
    ignores: Ignores | None = None,
) -> Gathered:
    """Runs the scan to its end."""
    workstation = replace(workstation, named=tuple(paths))
    judge = ignores.judge if ignores else lambda finding: finding
    started, clock = datetime.datetime.now(datetime.UTC), time.monotonic()
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    finished: list[CheckFinished] = []
    for event in scan(workstation, checks, paths, trees, judge):
        told(event)
        if isinstance(event, FindingFound):
            findings.append(event.finding)
        elif isinstance(event, ItemSkipped):
            skipped.append(event.skipped)
        elif isinstance(event, CheckFinished):
            finished.append(event)
    order = {check.id: number for number, check in enumerate(checks)}
    findings.sort(key=lambda one: (-one.severity, order[one.check], *_where(one)))
    skipped.sort(key=lambda one: (order.get(one.check, len(order)), one.path))
    finished.sort(key=lambda one: order[one.check])
    seconds = time.monotonic() - clock
    notes = tuple(_notes(ignores, whole=not left_out)) if ignores else ()
    return Gathered(
        workstation, started, seconds, tuple(findings), tuple(skipped), tuple(finished), tuple(left_out), notes
    )


def _where(finding: Finding) -> tuple[str | int, ...]:
    place = finding.place
    return place.path, place.line or 0, place.column or 0, finding.locator, finding.rule


def _notes(ignores: Ignores, *, whole: bool) -> Iterator[str]:
    """What the ignores say of themselves; that one met nothing only where every check ran."""
    yield from map(str, ignores.problems())
    for one in ignores.unused() if whole else ():
        line = f":{one.line}" if one.line else ""
        yield f"{one.file}{line}: {one.what} ignores nothing: {one.why}"
