"""What is told of files in which there is nothing to tell, or hardly: each finding by its rule and place."""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checks.catalog import CHECKS
from checks.model.finding import Confidence, Finding
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from checks.scan import FindingFound, scan
from tests.quality.corpora import Corpus, corpora

BUDGET = 150.0
"""Seconds after which no further corpus is begun."""


@dataclass(slots=True)
class Told:
    corpus: Corpus
    files: int = 0
    findings: list[Finding] = field(default_factory=list)

    def count(self, confidence: Confidence) -> int:
        return sum(one.confidence is confidence for one in self.findings)


def report(places: bool = True) -> Iterator[str]:
    """A table of corpora and one of rules, then every finding that is more than possible, with its place."""
    deadline = time.monotonic() + BUDGET
    told: list[Told] = []
    yield "| corpus | files | certain | likely | possible |"
    yield "|---|--:|--:|--:|--:|"
    for corpus in corpora():
        if isinstance(corpus, str):
            yield f"| {corpus} | | | | |"
        elif time.monotonic() > deadline:
            yield f"| {corpus.name} | not looked at: the time was spent | | | |"
        else:
            told.append(one := look(corpus))
            counts = (one.files, *(one.count(confidence) for confidence in sorted(Confidence, reverse=True)))
            yield f"| {corpus.name} | " + " | ".join(map(str, counts)) + " |"
    counts = (
        sum(one.files for one in told),
        *(sum(one.count(c) for one in told) for c in sorted(Confidence, reverse=True)),
    )
    yield "| all | " + " | ".join(map(str, counts)) + " |"
    yield ""
    yield from _by_rule(told)
    if places:
        yield from _places(told)


def look(corpus: Corpus) -> Told:
    """Scans one corpus as trees of their own: nothing above them says that they are installed packages."""
    told = Told(corpus)
    told.files = sum(len(names) for path in corpus.paths for _, _, names in os.walk(path)) + sum(
        path.is_file() for path in corpus.paths
    )
    with tempfile.TemporaryDirectory(prefix="dh-quality-") as name:
        home = Path(name)
        workstation = Workstation(home=home, environment={}, key=FingerprintKey(b"q" * 32), root=home)
        events = scan(workstation, CHECKS, corpus.paths)
        told.findings = [event.finding for event in events if isinstance(event, FindingFound) and event.finding.secret]
    return told


def _by_rule(told: list[Told]) -> Iterator[str]:
    rules: defaultdict[str, Counter[Confidence]] = defaultdict(Counter)
    for finding in (finding for one in told for finding in one.findings):
        rules[finding.rule][finding.confidence] += 1
    yield "| rule | certain | likely | possible |"
    yield "|---|--:|--:|--:|"
    surest = sorted(
        rules.items(), key=lambda item: (-item[1][Confidence.CERTAIN] - item[1][Confidence.LIKELY], item[0])
    )
    for rule, counted in surest:
        row = (counted[confidence] for confidence in sorted(Confidence, reverse=True))
        yield f"| {rule} | " + " | ".join(map(str, row)) + " |"


def _places(told: list[Told]) -> Iterator[str]:
    for one in told:
        for finding in one.findings:
            if finding.confidence > Confidence.POSSIBLE:
                top = next((path for path in one.corpus.paths if Path(finding.place.path).is_relative_to(path)), None)
                path = os.path.relpath(finding.place.path, top.parent) if top else finding.place.path
                yield f"{finding.rule} ({finding.confidence.label}): {one.corpus.name}: {path}:{finding.place.line}"
