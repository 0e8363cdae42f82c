"""Evidence: was it used by somebody else? Saved before anything is revoked, because revoking deletes the traces."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable
from guides.case.model import Evidence, StepId
from guides.case.walk import Walk
from guides.steps import kingfisher
from guides.steps.accounts import account_for
from guides.steps.checking import can_be_asked, destination, verify_secret
from guides.steps.evidence_store import save
from guides.steps.pages import looks
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, StepFailed, action, text_of
from guides.steps.taught import paragraphs, titled

id = StepId.EVIDENCE  # noqa: A001  the protocol's name
title = "Evidence"

SEEN = (
    ("no", "nothing unusual was seen"),
    ("yes", "something unusual was seen"),
    ("unknown", "it could not be looked at"),
)


def chapters(walk: Walk) -> Iterator[Chapter]:
    yield Chapter("Stay calm, and save what can be seen", paragraphs(walk, "malicious-use", "M0"))
    yield titled(walk, "Four ways to look", "malicious-use", "M1", "M2", "M3", "M4")
    yield Chapter(f"Where to look at {walk.provider.title}", rows=tuple(looks(walk)))
    yield Chapter(
        "What cannot be seen", (*paragraphs(walk, "malicious-use", "nothing-seen"), *walk.provider.log_blind_spots)
    )
    if walk.case.evidence:
        yield Chapter("Saved so far", rows=tuple(_saved(one) for one in walk.case.evidence))


def actions(walk: Walk) -> Iterator[Action]:
    account = account_for(walk)
    if account and walk.case.old.dead is None:
        yield from account.evidence()
    yield from kingfisher.asking_old(walk)
    if walk.old() and walk.case.registry and can_be_asked(walk):
        yield action(
            "accepted",
            "Ask the registry whether the old one is still accepted",
            lambda _: _still_accepted(walk),
            effects=destination(walk, walk.case.old.masked),
            verb="Ask",
        )
    yield action(
        "note",
        "Write down what was seen, and go on",
        lambda answers: _note(walk, answers),
        asks=(
            Ask("seen", AskKind.CHOICE, "What do the logs show?", SEEN),
            Ask("text", AskKind.TEXT, "What exactly, and where (times, addresses, tags)?", optional=True),
        ),
        confirm=False,
        recommended=bool(walk.case.evidence) or not account,
    )


def _still_accepted(walk: Walk) -> Iterator[str]:
    old = walk.old()
    if not old:
        raise StepFailed(
            "the old secret is not at hand any more", "look for what it is about in the places of the case"
        )
    found = verify_secret(walk, old, walk.case.old.username)
    walk.log(id, f"the old one: {found.verdict} ({found.reason})")
    yield f"{found.registry}: {found.verdict}. {found.reason}"


def _note(walk: Walk, answers: Answers) -> Iterator[str]:
    seen, text = text_of(answers, "seen"), text_of(answers, "text")
    unusual = {"yes": True, "no": False}.get(seen)
    label = dict(SEEN)[seen]
    save(walk, "what you saw", tuple(filter(None, (label, text))), unusual=unusual)
    walk.record(id, label if not text else f"{label}: {printable(text, 80)}")
    yield f"Saved: {label}."
    if unusual:
        yield from paragraphs(walk, "revoking", "chain")


def _saved(one: Evidence) -> tuple[str, str]:
    return printable(one.source, 40), "; ".join(one.lines)
