"""Looks at what it is given, in whatever process; a check that fails is not asked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from checks import image_archives, source_text
from checks.failure import error_text
from checks.git.reading import look_at_objects
from checks.model.check import Check
from checks.model.finding import Finding, Looked, Observation, PassedOver
from checks.model.workstation import Workstation
from checks.trees.batch import Batch, Objects, Outcome, Work
from checks.trees.claiming import READ_COMMANDS, Claiming
from checks.trees.contents import Contents
from checks.trees.merge import new_to

LINK = "links, whose targets are looked at where they lie"


class Reader:
    """Files are looked at by these checks; objects by all whose formats they may have, but for the declined ones."""

    def __init__(self, workstation: Workstation, checks: Sequence[Check], declined: Sequence[Check] = ()) -> None:
        """A file that a declined check claims is looked at by nobody: the person does not want to be told of it."""
        self.declined = Claiming(declined)
        self.workstation = workstation
        self.checks = [check for check in checks if check is not source_text]
        self.text = source_text in checks
        self._claims = Claiming(self.checks)
        self._declined = declined
        self._contents: Contents | None = None

    def look(self, work: Work) -> Outcome:
        return self._look_at_files(work) if isinstance(work, Batch) else self._look_at_objects(work)

    def _look_at_objects(self, objects: Objects) -> Outcome:
        if not self._contents:
            from checks.catalog import CHECKS  # it imports every parser, in the process that needs them

            self._contents = Contents(self.workstation, [check for check in CHECKS if check not in self._declined])
        return look_at_objects(objects, self._contents, self.workstation)

    def _look_at_files(self, batch: Batch) -> Outcome:
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
        if any(check is image_archives and image_archives.read_with(self.workstation, Path(path)) for check in claimed):
            return
        looked = False
        for check in claimed:
            looked |= self._run(check, check.read(self.workstation, Path(path)), name, outcome, found)
        if self.text and name in batch.links:
            _count(outcome.passed, LINK, 0)
        elif self.text:
            commands = not any(check.id in READ_COMMANDS for check in claimed)
            observations = source_text.read_at(self.workstation, path, commands=commands)
            if looked:  # what is no text was looked at by the check that knows it: an archive of images, for example
                observations = (one for one in observations if not isinstance(one, PassedOver))
            self._run(source_text, new_to(found, observations) if found else observations, name, outcome, [])

    def _run(
        self, check: Check, observations: Iterator[Observation], name: str, outcome: Outcome, found: list[Finding]
    ) -> bool:
        """Whether the check has looked at the file to its end."""
        looked = False
        try:
            for observation in observations:
                if self.workstation.cancelled.is_set():
                    outcome.complete = False
                    return looked
                if isinstance(observation, Looked):
                    looked = True
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
        return looked


def _count(counts: dict[str, tuple[int, int]], name: str, size: int) -> None:
    files, total = counts.get(name, (0, 0))
    counts[name] = files + 1, total + size
