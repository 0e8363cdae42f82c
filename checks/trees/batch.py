"""Files of one folder that are looked at together, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checks import source_text
from checks.failure import error_text
from checks.model.check import Check
from checks.model.finding import Finding, Looked, Observation, PassedOver, Skipped
from checks.model.workstation import Workstation
from checks.trees.claiming import READ_COMMANDS, Claiming
from checks.trees.merge import new_to

LINK = "links, whose targets are looked at where they lie"


@dataclass(frozen=True, slots=True)
class Batch:
    """`links` are among the names: only a file that a check knows by its name is read through a link."""

    folder: str
    names: tuple[str, ...]
    links: frozenset[str] = frozenset()

    def path(self, name: str) -> str:
        return f"{self.folder.rstrip('/')}/{name}"


@dataclass(slots=True)
class Outcome:
    """What was seen in a batch: counts instead of a `Looked` for each of many thousand files."""

    told: list[tuple[str, Finding | Skipped]] = field(default_factory=list)
    """With the id of the check that said it."""
    looked: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Files and bytes by check."""
    passed: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Files and bytes by reason."""
    eventful: set[str] = field(default_factory=set)
    """Names of files that are to be looked at again next time: something was found, or they could not be read."""
    binaries: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)
    """Checks that ended with an error of ours, and which."""
    complete: bool = True
    unchanged: int = 0
    """Files that an earlier scan has read and that are as they were; among the looked at."""
    path: str = ""
    """One of them, to show where the scan is."""


class Reader:
    """Looks at batches with these checks, in whatever process; a check that fails is not asked again."""

    def __init__(self, workstation: Workstation, checks: Sequence[Check], declined: Sequence[Check] = ()) -> None:
        """A file that a declined check claims is looked at by nobody: the person does not want to be told of it."""
        self.declined = Claiming(declined)
        self.workstation = workstation
        self.checks = [check for check in checks if check is not source_text]
        self.text = source_text in checks
        self._claims = Claiming(self.checks)

    def look(self, batch: Batch) -> Outcome:
        outcome = Outcome(path=batch.path(batch.names[0]) if len(batch.names) == 1 else batch.folder)
        for name in batch.names:
            if self.workstation.cancelled.is_set():
                outcome.complete = False
                break
            self._look_at(batch, name, outcome)
        return outcome

    def _look_at(self, batch: Batch, name: str, outcome: Outcome) -> None:
        path = batch.path(name)
        if self.declined.of(path):
            return
        found: list[Finding] = []
        claimed = self._claims.of(path)
        for check in claimed:
            self._run(check, check.read(self.workstation, Path(path)), name, outcome, found)
        if self.text and name in batch.links:
            _count(outcome.passed, LINK, 0)
        elif self.text:
            commands = not any(check.id in READ_COMMANDS for check in claimed)
            observations = source_text.read_at(self.workstation, path, commands=commands)
            self._run(source_text, new_to(found, observations) if found else observations, name, outcome, [])

    def _run(
        self, check: Check, observations: Iterator[Observation], name: str, outcome: Outcome, found: list[Finding]
    ) -> None:
        try:
            for observation in observations:
                if self.workstation.cancelled.is_set():
                    outcome.complete = False
                    return
                if isinstance(observation, Looked):
                    _count(outcome.looked, check.id, observation.bytes)
                elif isinstance(observation, PassedOver):
                    _count(outcome.passed, observation.reason, observation.bytes)
                    outcome.binaries.add(name)
                else:
                    outcome.told.append((check.id, observation))
                    outcome.eventful.add(name)
                    if isinstance(observation, Finding):
                        found.append(observation)
        except Exception as error:  # noqa: BLE001  an error of one check must not end the others
            outcome.failures[check.id] = error_text(error)
            outcome.eventful.add(name)
            if check is source_text:
                self.text = False
            else:
                self.checks.remove(check)
                self._claims = Claiming(self.checks)


def _count(counts: dict[str, tuple[int, int]], name: str, size: int) -> None:
    files, total = counts.get(name, (0, 0))
    counts[name] = files + 1, total + size
