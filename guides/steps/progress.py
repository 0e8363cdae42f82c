"""A case as a visible path: its steps in order, with how each ended."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from guides.case.model import Case, StepId, StepState
from guides.steps.catalog import STEPS


@dataclass(frozen=True, slots=True)
class PathLine:
    """One step of the path. `mark` is `x`, `>`, `-` or a blank: done, current, skipped, still to come."""

    step: StepId
    number: int
    mark: str
    title: str
    note: str


def path_lines(case: Case) -> Iterator[PathLine]:
    current = case.current
    for number, step in enumerate(case.path, 1):
        record = case.step(step)
        mark = {StepState.DONE: "x", StepState.SKIPPED: "-"}.get(record.state, ">" if step is current else " ")
        note = record.note
        if record.state is StepState.DONE and record.proof:
            note = f"{note}; {record.proof}, {moment(record.when)}"
        yield PathLine(step, number, mark, STEPS[step].title, note)


def moment(when: float) -> str:
    """A time for people, on this machine's clock: `22 Nov 10:04`."""
    return datetime.datetime.fromtimestamp(when).astimezone().strftime("%-d %b %H:%M")
