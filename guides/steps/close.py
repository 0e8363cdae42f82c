"""Close: the report is written, what prevents the next leak is named, and the case's store lets go of its secrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.formats.display import printable, shell_path
from guides.case.model import Settled, StepId, StepState
from guides.case.opening import look_for
from guides.case.walk import Walk
from guides.steps import clean, docker_login
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, Offer, text_of
from guides.steps.taught import paragraphs, titled
from guides.steps.understand import place_text
from guides.stores.store import StoreError

id = StepId.CLOSE  # noqa: A001  the protocol's name
title = "Close"


def chapters(walk: Walk) -> Iterator[Chapter]:
    yield titled(walk, "At the end", "closing", "write-down", "remains", "prevent", "tell")
    yield Chapter("What remains of this case", tuple(remains(walk)))
    yield titled(walk, "The next leak, and other secrets", "other-secrets", "O0", "O1", "O2", "O3", "O4")
    yield titled(walk, "From now on", "best-practice", "B3", "B5", "B8")
    yield Chapter("The copies", paragraphs(walk, "revoking", "history-last"))


def actions(walk: Walk) -> Iterator[Action]:
    yield Action("close", "Close the case", lambda: _offer(walk), recommended=True)


def _offer(walk: Walk) -> Offer:
    """The case's store must not let go of the only copy of the new secret."""
    elsewhere = _elsewhere(walk) if walk.case.new else ()
    choices = (("erase", "erase it from the case's store"), ("keep", "keep it there, until I erase it"))
    if not elsewhere:
        choices = choices[::-1]
    return Offer(
        lambda answers: _close(walk, answers),
        (
            "What was cut out of files is erased from the case's own store: undoing the case's edits is not possible "
            "afterwards.",
            f"dockhygiene report {walk.case.id} prints the report of the case at any time.",
        ),
        asks=(
            Ask("prevent", AskKind.TEXT, "What prevents the next one?", optional=True),
            *((Ask("new", AskKind.CHOICE, _where_new(elsewhere), choices),) if walk.case.new else ()),
        ),
        verb="Close",
    )


def _elsewhere(walk: Walk) -> tuple[str, ...]:
    """Where else the new secret is: in docker's own store, or in a file that got it."""
    new = walk.case.new
    assert new
    found = [shell_path(one.place.path, walk.home) for one in look_for(walk, new.fingerprint)]
    return tuple(dict.fromkeys([*docker_login.held_in(walk), *found]))


def _where_new(elsewhere: tuple[str, ...]) -> str:
    if elsewhere:
        return f"The new one is also in {', '.join(elsewhere)}. And here?"
    return "The new one was found nowhere else: is it in a store of yours?"


def remains(walk: Walk) -> Iterator[str]:
    """What the person should still know or do, one sentence each."""
    case = walk.case
    if case.old.dead is None:
        yield "The old one was not proven dead."
    left = [place for place in case.places if place.state is Settled.LEFT]
    if left:
        yield f"Left as it was: {', '.join(place_text(walk, one) for one in left)}."
    still = [place for place in case.places if place.state is Settled.OPEN]
    if still:
        yield f"Not settled: {', '.join(place_text(walk, one) for one in still)}."
    for step, record in case.steps.items():
        if record.state is StepState.SKIPPED:
            yield f"The step {step} was skipped: {printable(record.note, 120)}."
    yield from clean.remains(walk)
    if not case.uses:
        yield "No use was found; that is no proof that there is none."


def _close(walk: Walk, answers: Answers) -> Iterator[str]:
    yield from remains(walk)
    keeps = ("new",) if answers.get("new") == "keep" else ()
    try:
        walk.secrets.erase_all(but=keeps)
    except StoreError as error:
        yield f"The case's store still holds something: {error.reason}. Close again later, or erase it by hand."
        return
    if walk.case.new and not keeps:
        walk.file.keep(replace(walk.case, new=replace(walk.case.new, saved=False)))
    prevent = text_of(answers, "prevent")
    walk.record(id, printable(prevent, 200) or "closed")
    yield "The case is closed."
