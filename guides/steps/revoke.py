"""Revoke: the old credential ends, and is proven to be refused. What stops working is said once more before."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.steps import kingfisher
from guides.steps.accounts import account_for
from guides.steps.checking import destination
from guides.steps.pages import page
from guides.steps.revoking import WORD, prove, stops
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, StepFailed, action, text_of
from guides.steps.taught import opens_no_registry, paragraphs, titled

id = StepId.REVOKE  # noqa: A001  the protocol's name
title = "Revoke"


def chapters(walk: Walk) -> Iterator[Chapter]:
    yield Chapter("In short", paragraphs(walk, "revoking", "P0"))
    yield titled(walk, "When, and where", "revoking", "P3a", "P3b", "disable-first", "confirm")
    yield Chapter("What stops working", tuple(stops(walk)))
    if opens_no_registry(walk):
        address = page(walk, "manage")
        yield Chapter("Where, and how", (walk.kind.cells.revoke.how,), (("Page", address),) if address else ())
    yield Chapter("What it does", tuple(filter(None, (walk.kind.revoke_effect, walk.kind.remaining_life))))
    yield titled(walk, "How it is proven", "revoking", "one-check", "remaining-life")
    fallback = walk.case.notes.fallback
    yield Chapter(
        "If a service fails", (*paragraphs(walk, "services", "S4"), *((printable(fallback, 300),) if fallback else ()))
    )


def actions(walk: Walk) -> Iterator[Action]:
    if walk.case.old.dead is not None:
        return
    account = account_for(walk)
    revoking = list(account.revoke()) if account else []
    yield from revoking
    yield from kingfisher.revoking(walk)
    address = page(walk, "manage")
    if opens_no_registry(walk):
        yield _in_browser(walk, address, recommended=not revoking)
        return
    yield action(
        "browser",
        f"Revoke it in the browser{f' ({address})' if address else ''}, then prove it",
        lambda _: prove(walk),
        effects=(*stops(walk), *((f"Open {address}",) if address else ()), *_which(walk), *_sent(walk)),
        asks=(WORD,),
        verb="It is revoked: prove it",
        recommended=not revoking,
    )
    yield action(
        "stated",
        "It cannot be proven here: write down how it was revoked",
        lambda answers: _stated(walk, answers),
        asks=(Ask("text", AskKind.TEXT, "How, by whom, and how do you know?"), WORD),
        confirm=False,
    )


def _in_browser(walk: Walk, address: str, *, recommended: bool) -> Action:
    """Nobody here can ask whether it is dead: the person does it, and says what was seen."""
    how = walk.kind.cells.revoke.how
    return action(
        "stated",
        f"Revoke it by hand{f' ({address})' if address else ''}, and write down what you saw",
        lambda answers: _stated(walk, answers),
        effects=(*stops(walk), *((f"Open {address}",) if address else ()), how, *_which(walk)),
        asks=(Ask("text", AskKind.TEXT, "How, by whom, and how do you know that it is dead?"), WORD),
        verb="It is revoked",
        recommended=recommended,
    )


def _which(walk: Walk) -> Iterator[str]:
    """How the right one is told from others on the provider's page."""
    old = walk.case.old
    marks = [f"its form is {old.masked}", f"of {printable(walk.case.username, 60)}" if walk.case.username else ""]
    if walk.case.new and walk.case.new.label:
        marks.append(f'and it is not "{printable(walk.case.new.label, 60)}", which is the new one')
    yield "The old one: " + ", ".join(filter(None, marks)) + "."


def _sent(walk: Walk) -> tuple[str, ...]:
    return destination(walk, walk.case.old.masked) if walk.case.registry else ()


def _stated(walk: Walk, answers: Answers) -> Iterator[str]:
    text = text_of(answers, "text")
    if not text:
        raise StepFailed("nothing was written down", "say how it was revoked")
    walk.record(id, f"stated, not proven: {printable(text, 120)}")
    yield "Written down. The report says that it was not proven."
