"""Plants examples, scans them with every check, and counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checks.catalog import CHECKS
from checks.model.finding import Confidence, Finding
from checks.model.secret import FingerprintKey, Secret
from checks.model.workstation import Workstation
from checks.scan import CheckFinished, FindingFound, scan
from tests.quality.form import Example


@dataclass(slots=True)
class Tally:
    """What became of the examples of one format."""

    planted: int = 0
    on_line: int = 0
    """Told as certain or likely, on the line of the secret."""
    same: int = 0
    """Of those, the secret told is the planted one, whole and unquoted."""
    possible: int = 0
    """Told on that line, as possible only."""
    extra: int = 0
    """Files with a certain or likely finding elsewhere besides."""
    quiet: int = 0
    told: int = 0
    """Quiet twins told as certain or likely."""


@dataclass(slots=True)
class Result:
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    missed: list[Example] = field(default_factory=list)
    """Not told as certain or likely on their line."""
    other_secret: list[Example] = field(default_factory=list)
    """Told with another secret than the planted one."""
    extra: list[tuple[Example, Finding]] = field(default_factory=list)
    false: list[tuple[Example, Finding]] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)


def measure(examples: Sequence[Example], top: Path) -> Result:
    """Writes the examples below `top`, each in a folder of its own, and scans that tree."""
    for number, one in enumerate(examples):
        path = top / f"{number:05}" / one.form.path
        path.parent.mkdir(parents=True)
        path.write_text(one.text, "utf-8")
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings_in(top):
        relative = Path(finding.place.path).relative_to(top)
        found[int(relative.parts[0])].append(finding)
    result = Result()
    for number, one in enumerate(examples):
        _count(one, found[number], result)
    return result


def findings_in(top: Path) -> Iterator[Finding]:
    """Those about secrets. A check that fails is an error of ours."""
    workstation = Workstation(home=top / ".home", environment={}, key=FingerprintKey(b"q" * 32), root=top / ".root")
    for event in scan(workstation, CHECKS, [top]):
        if isinstance(event, FindingFound) and event.finding.secret:
            yield event.finding
        elif isinstance(event, CheckFinished) and event.failure:
            raise RuntimeError(f"{event.check} failed: {event.failure}")


def _count(one: Example, found: list[Finding], result: Result) -> None:
    tally = result.tallies[one.form.format]
    sure = [finding for finding in found if finding.confidence > Confidence.POSSIBLE]
    result.rules.update(finding.rule for finding in sure)
    if one.secret is None:
        tally.quiet += 1
        tally.told += bool(sure)
        result.false += [(one, finding) for finding in sure[:1]]
        return
    tally.planted += 1
    here = list(_on_line(one, sure))
    planted = Secret(one.secret)
    tally.on_line += bool(here)
    if any(finding.secret == planted for finding in here):
        tally.same += 1
    elif here:
        result.other_secret.append(one)
    else:
        tally.possible += any(True for _ in _on_line(one, found))
        result.missed.append(one)
    elsewhere = [finding for finding in sure if finding not in here and finding.secret != planted]
    tally.extra += bool(elsewhere)
    result.extra += [(one, finding) for finding in elsewhere[:1]]


def _on_line(one: Example, found: Iterable[Finding]) -> Iterator[Finding]:
    for finding in found:
        line, end = finding.place.line or 0, finding.place.end_line or finding.place.line or 0
        if line <= one.last and end >= one.first:
            yield finding
