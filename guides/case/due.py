"""What is due: cases in watch whose next look, or whose end, has come."""

from __future__ import annotations

from guides.case.model import Case, StepId, StepState

DAY = 86400


def in_watch(case: Case) -> bool:
    return case.watch is not None and case.step(StepId.MONITOR).state is StepState.OPEN


def is_due(case: Case, now: float) -> bool:
    """Whether a look should be taken: the case is in watch, and the last look is a day old, or of a time to come."""
    return case.watch is not None and in_watch(case) and not 0 <= now - case.watch.looked < DAY


def has_ended(case: Case, now: float) -> bool:
    """Whether the time that the person chose is over, and the case can be closed."""
    return case.watch is not None and in_watch(case) and now >= case.watch.until


def headline(case: Case) -> str:
    """Where the case stands, in a few words: "4 Update"."""
    step = case.current
    if case.closed or step is None:
        return "closed"
    return f"{case.path.index(step) + 1} {step.value.capitalize()}"
