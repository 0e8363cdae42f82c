"""Generate: a new credential with the least rights, beside the old one; kept in the case's store before anything else.

Nothing here ends the old one. Calls that would ("rotate", "regenerate") are named and never used.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.steps.accounts import account_for
from guides.steps.checking import destination
from guides.steps.pages import choices, expiry_date, label, page
from guides.steps.receiving import about, receive, verify_new
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, StepFailed, action, secret_of, text_of
from guides.steps.store_setup import set_up
from guides.steps.taught import opens_no_registry, paragraphs, titled

id = StepId.GENERATE  # noqa: A001  the protocol's name
title = "Generate"


def chapters(walk: Walk) -> Iterator[Chapter]:
    kind = walk.kind
    yield titled(walk, f"A new one at {walk.provider.title}", "generate", "G1", "G2", "G3", "G4", "G5")
    rows = [("Rights", kind.rights), ("Expiry", kind.expiry), ("Page", page(walk, "create"))]
    rows += [(f"Choice {number}", choice) for number, choice in enumerate(choices(walk), 1)]
    yield Chapter("What to choose", rows=tuple(row for row in rows if row[1]))
    yield Chapter("Beside the old one", paragraphs(walk, "revoking", "P1a", "P1b", "second"))
    if kind.kills_at_once:
        rows = [(one.call, one.reason) for one in kind.kills_at_once]
        yield Chapter("Never use", paragraphs(walk, "revoking", "rotate-calls"), tuple(rows))
    if kind.traps:
        yield Chapter("Mind", kind.traps)
    if not walk.secrets.store:
        yield Chapter("Where it would be kept", (f"No store works here: {walk.secrets.refusal}. {walk.secrets.mend}",))
    if walk.case.new:
        yield Chapter("The new one", rows=tuple(_about(walk)))


def actions(walk: Walk) -> Iterator[Action]:
    if not walk.secrets.store:
        yield set_up(walk)
        return
    account = account_for(walk)
    by_api = list(account.generate()) if account else []
    paste = action(
        "paste",
        "Make it in the browser, paste it here",
        lambda answers: _paste(walk, answers),
        effects=_effects(walk),
        asks=(
            Ask(
                "username",
                AskKind.TEXT,
                "User name it belongs to",
                default=walk.case.username,
                optional=opens_no_registry(walk),
            ),
            Ask("secret", AskKind.SECRET, "The new token or password"),
            Ask("label", AskKind.TEXT, "What it is called there", default=label(walk), optional=True),
            Ask("expires", AskKind.TEXT, "When it expires", default=expiry_date(walk), optional=True),
        ),
        verb="Keep" if opens_no_registry(walk) else "Keep and verify",
        recommended=not any(one.recommended for one in by_api),
    )
    # The browser comes first where it is the ordinary way: with single sign-on no password is accepted by the API.
    yield from sorted((paste, *by_api), key=lambda one: not one.recommended)
    if walk.case.new and not opens_no_registry(walk):
        yield action(
            "verify",
            "Verify the new one again",
            lambda _: verify_new(walk),
            effects=destination(walk, walk.case.new.masked),
            verb="Verify",
        )
        yield action(
            "unverified",
            "Go on without verifying it",
            lambda answers: _unverified(walk, answers),
            asks=(Ask("why", AskKind.TEXT, "Why?"),),
            confirm=False,
        )


def _paste(walk: Walk, answers: Answers) -> Iterator[str]:
    yield from receive(
        walk,
        secret_of(answers, "secret"),
        text_of(answers, "username") or walk.case.username,
        label=text_of(answers, "label"),
        expires=text_of(answers, "expires"),
    )


def _unverified(walk: Walk, answers: Answers) -> Iterator[str]:
    why = text_of(answers, "why")
    if not why:
        raise StepFailed("going on without verifying needs a reason", "say why")
    walk.record(id, about(walk), f"not verified: {printable(why, 120)}")
    yield "Written down. Old places and the old credential should stay until it was verified."


def _effects(walk: Walk) -> tuple[str, ...]:
    store = walk.secrets.store
    assert store
    kept = f"The new one is kept in {store.title}, under dockhygiene's own prefix, until the case is closed."
    address = page(walk, "create")
    steps = (*((f"Open {address}",) if address else ()), *choices(walk))
    sent = destination(walk, "the new one") if walk.case.registry else ()
    return (*steps, kept, *sent)


def _about(walk: Walk) -> Iterator[tuple[str, str]]:
    new = walk.case.new
    assert new
    yield "Secret", new.masked
    yield "User", printable(new.username, 60)
    if new.expires:
        yield "Expires", printable(new.expires, 40)
    yield "Accepted", "yes" if new.accepted else "not verified yet"
