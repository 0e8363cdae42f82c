"""Test: the new credential does what the uses need, and is not granted more."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.registries.verification import Verification
from guides.steps import kingfisher
from guides.steps.accounts import account_for
from guides.steps.accounts.account import Testing
from guides.steps.checking import destination, verify_secret
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, StepFailed, action, text_of
from guides.steps.taught import paragraphs, titled

id = StepId.TEST  # noqa: A001  the protocol's name
title = "Test"


def chapters(walk: Walk) -> Iterator[Chapter]:
    yield titled(walk, "Before the old one ends", "services", "S3")
    needs = tuple(_needs(walk).items())
    rows = tuple((printable(name, 80), "pulls and pushes" if pushes else "pulls") for name, pushes in needs)
    if rows:
        yield Chapter("What the uses need", rows=rows)
    if walk.case.notes.staging:
        yield Chapter("Where you wanted to try it", (printable(walk.case.notes.staging, 300),))
    yield Chapter("Two checks", paragraphs(walk, "revoking", "control"))


def actions(walk: Walk) -> Iterator[Action]:
    account = account_for(walk)
    if isinstance(account, Testing):
        yield from account.test()
    yield from kingfisher.asking_new(walk)
    if walk.case.new and walk.case.registry:
        needs = _needs(walk)
        yield action(
            "pull",
            "Ask the registry for the rights that are needed",
            lambda answers: _try(walk, answers),
            effects=destination(walk, walk.case.new.masked),
            asks=(
                Ask(
                    "repository",
                    AskKind.TEXT,
                    "A repository that it must pull (acme/shop)",
                    default=next(iter(needs), ""),
                    optional=True,
                ),
            ),
            verb="Test",
            recommended=True,
        )
    yield action(
        "by-hand",
        "It was tried in every place by hand",
        lambda answers: _by_hand(walk, answers),
        asks=(Ask("text", AskKind.TEXT, "What was tried, where, and how did it go?"),),
        confirm=False,
    )


def _needs(walk: Walk) -> dict[str, bool]:
    """Repositories of the uses, and whether one of them pushes there."""
    needs: dict[str, bool] = {}
    for use in walk.case.uses:
        if use.repository:
            needs[use.repository] = needs.get(use.repository, False) or use.pushes
    return needs


def _try(walk: Walk, answers: Answers) -> Iterator[str]:
    repository = text_of(answers, "repository") or None
    pushes = _needs(walk).get(repository or "", False)
    found = _asked(walk, repository)
    yield f"{found.registry}: {found.verdict}. {found.reason}"
    if not found.accepted:
        raise StepFailed(f"the new one is not accepted: {found.reason}", "look at its rights at the provider")
    lacking = {"pull", *(("push",) if pushes else ())} - set(found.granted) if repository else set()
    if lacking and found.granted:
        raise StepFailed(
            f"the new one may not {' nor '.join(sorted(lacking))} {repository}", "make one with these rights"
        )
    too_much = [] if pushes else [right for right in found.granted if right in ("push", "delete")]
    note = f"{repository or 'login'}: accepted" + (f", may {', '.join(found.granted)}" if found.granted else "")
    if too_much:
        note += f"; it may {' and '.join(too_much)}, which no use that was found needs"
        yield "It may do more than is needed: " + " and ".join(too_much) + ". A narrower one is safer."
    walk.record(id, note, f"answered by {found.registry}")


def _asked(walk: Walk, repository: str | None) -> Verification:
    new, held = walk.new(), walk.case.new
    if not new or not held:
        raise StepFailed("the new secret is not in the case's store any more", "make another one")
    try:
        return verify_secret(walk, new, held.username, repository, ("pull", "push"))
    except ValueError:
        raise StepFailed(
            f"{printable(repository or '', 80)} is no name of a repository", "name one like acme/shop"
        ) from None


def _by_hand(walk: Walk, answers: Answers) -> Iterator[str]:
    text = text_of(answers, "text")
    if not text:
        raise StepFailed("nothing was written down", "say what was tried")
    walk.record(id, f"by hand: {printable(text, 120)}")
    yield "Written down."
