"""Understand: what this credential opens, why it leaked here, what can happen, what will stop working."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable, shell_path
from checks.model.finding import PlaceKind
from checks.model.use import Match
from guides.case.exposure import Exposure, exposures_of, recommended
from guides.case.model import CasePlace, CaseUse, Notes, Order, StepId
from guides.case.opening import look_for_uses
from guides.case.walk import Walk
from guides.steps.image_words import understood
from guides.steps.recognising import recognising
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, action, text_of
from guides.steps.taught import filled, paragraphs, titled
from guides.wording import counted

id = StepId.UNDERSTAND  # noqa: A001  the protocol's name
title = "Understand"

MOST_LISTED = 8
TITLES = {Order.REVOKE_FIRST: "revoke first, then make the new one", Order.GENERATE_FIRST: "make the new one first"}


def chapters(walk: Walk) -> Iterator[Chapter]:
    found = exposures_of(walk.findings)
    yield Chapter(f"What it is: {walk.kind.title}", (walk.kind.unlocks,))
    yield Chapter("Where it lies", rows=tuple(_place_row(walk, place) for place in walk.case.places))
    yield from understood(walk)
    yield _uses(walk)
    yield _order(walk, found)
    yield Chapter("Why it leaked here", tuple(_why(walk, found)))
    yield titled(walk, "What can happen", "what-can-happen", "R0", "R1", "R2", "R3", "R4", "R5")
    yield titled(walk, "Before anything changes", "services", "S2", "S3", "S4")
    yield Chapter("A message for the team, ready to be sent", (message(walk),))
    yield titled(walk, "What such credentials are", "docker-credential", "D0", "D1", "D2", "D3")
    yield titled(walk, "How often it happens", "figures", "rwth", "gitguardian-2024", "flare", "gap", "lesson")
    yield titled(walk, "Good practice", "best-practice", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9")


def actions(walk: Walk) -> Iterator[Action]:
    chosen = _proposed(walk, exposures_of(walk.findings))
    orders = sorted(Order, key=lambda order: order is not chosen)
    choices = tuple((order.value, _label(walk, order, best=order is chosen)) for order in orders)
    yield action(
        "order",
        "Choose the order, and go on",
        lambda answers: _choose(walk, answers),
        asks=(
            Ask("order", AskKind.CHOICE, "Which comes first?", choices),
            Ask("contact", AskKind.TEXT, "Who else depends on it (a team, a person)?", optional=True),
            Ask("staging", AskKind.TEXT, "Where can the new one be tried before?", optional=True),
            Ask("fallback", AskKind.TEXT, "If a service fails after the change, what then?", optional=True),
        ),
        confirm=False,
        recommended=True,
    )
    yield from recognising(walk)
    yield action("uses", "Look for what uses it again, everywhere", lambda _: _look_for_uses(walk), confirm=False)


def _look_for_uses(walk: Walk) -> Iterator[str]:
    look_for_uses(walk, budget=None)
    yield f"{counted(len(walk.case.uses), 'use')} known now."


def message(walk: Walk) -> str:
    """The message for the people who depend on this credential, ready to be sent."""
    case = walk.case
    values = {
        "places": _listed([place_text(walk, place) for place in case.places]),
        "uses": _listed([use_line(walk, use) for use in case.uses]) or "none that we know of",
        "when": "today" if case.order is Order.REVOKE_FIRST else "as soon as everybody has the new one",
        "contact": printable(case.notes.contact, 80) or "the team",
    }
    return "\n\n".join(filled(walk, "messages", "team", **values)[0].paragraphs)


def _listed(lines: list[str]) -> str:
    """The first of them, and how many more there are: the message is sent, and read, as a text."""
    more = f"; and {len(lines) - MOST_LISTED} more" if len(lines) > MOST_LISTED else ""
    return "; ".join(lines[:MOST_LISTED]) + more


def _why(walk: Walk, found: tuple[Exposure, ...]) -> Iterator[str]:
    """Each reason that fits, with the places that show it."""
    for reason in dict.fromkeys(one.reason for one in found):
        here = ", and it ".join(printable(one.says, 160) for one in found if one.reason == reason)
        yield f"{' '.join(paragraphs(walk, 'why-it-leaks', reason))} Here it {here}."


def _order(walk: Walk, found: tuple[Exposure, ...]) -> Chapter:
    chosen = _proposed(walk, found)
    left = [printable(one.says, 160) for one in found if one.left]
    if not found and chosen is Order.REVOKE_FIRST:
        left = [printable(says, 160) for says in walk.case.exposure]
    because = f"it {', and it '.join(left)}" if left else "nothing shows that it left this machine"
    orders = sorted(Order, key=lambda order: order is not chosen)
    parts = ("", "-order", "-price")
    rows = [
        (TITLES[order].capitalize(), " ".join(text for part in parts for text in _said(walk, f"{order.value}{part}")))
        for order in orders
    ]
    proposed = f"{TITLES[chosen].capitalize()}: this is proposed because {because}."
    return Chapter("Which comes first", (*_said(walk, "order"), proposed), tuple(rows))


def _proposed(walk: Walk, found: tuple[Exposure, ...]) -> Order:
    """By what the places say; once they are clean, what was proposed when the case was opened."""
    return recommended(found) if found else walk.case.order


def _said(walk: Walk, section_id: str) -> tuple[str, ...]:
    return paragraphs(walk, "two-orders", section_id)


def _label(walk: Walk, order: Order, *, best: bool) -> str:
    price = paragraphs(walk, "two-orders", f"{order.value}-price")
    return f"{TITLES[order]}{' (proposed)' if best else ''}. {' '.join(price)}"


def _choose(walk: Walk, answers: Answers) -> Iterator[str]:
    order = Order(text_of(answers, "order"))
    notes = Notes(*(text_of(answers, name) for name in ("contact", "staging", "fallback")))
    walk.log(id, f"order: {order.value}", order=order, notes=notes)
    places, uses = counted(len(walk.case.places), "place"), counted(len(walk.case.uses), "use")
    told = f"; {printable(notes.contact, 40)} was named" if notes.contact else ""
    walk.record(id, f"{places}, {uses}{told}; {TITLES[order]}")
    yield f"The order of this case: {TITLES[order]}."


def _uses(walk: Walk) -> Chapter:
    rows = tuple((Match(use.match).says, use_line(walk, use)) for use in sorted(walk.case.uses, key=lambda u: -u.match))
    says = paragraphs(walk, "services", "S1")
    if not rows:
        says = (
            *says,
            "Nothing that uses it was found in the places that were looked at. That is no proof that there is none.",
        )
    return Chapter("What will stop working", says, rows)


def use_line(walk: Walk, use: CaseUse) -> str:
    line = f":{use.line}" if use.line else ""
    name = f", by the name {printable(use.name, 60)}" if use.name else ""
    return f"{shell_path(use.path, walk.home)}{line}  {printable(use.title, 100)}{name}"


def _place_row(walk: Walk, place: CasePlace) -> tuple[str, str]:
    return place_text(walk, place), printable(place.title, 120)


def place_text(walk: Walk, place: CasePlace) -> str:
    """Where it lies, in one line that can be shown safely."""
    line = f":{place.line}" if place.line else ""
    if place.kind == PlaceKind.ENVIRONMENT:
        return f"variable {printable(place.path, 80)}"
    if place.kind in (PlaceKind.IMAGE, PlaceKind.CONTAINER):
        return f"{place.kind} {printable(place.image or '', 80)}, {printable(place.path, 120)}{line}"
    if place.kind == PlaceKind.GIT:
        return f"{shell_path(place.repository or '', walk.home)}: {printable(place.path, 120)}{line} in its history"
    return f"{shell_path(place.path, walk.home)}{line}"
