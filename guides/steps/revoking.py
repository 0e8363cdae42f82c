"""Revoking: what stops, what is known before, the one request afterwards, and what it proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from guides.case.model import Order, Settled, StepId
from guides.case.walk import Walk
from guides.registries.verification import Verification, proves_dead
from guides.steps.checking import can_be_asked, verify_secret
from guides.steps.step import Ask, AskKind, StepFailed
from guides.steps.understand import use_line
from guides.stores.store import StoreError

FRESH_SECONDS = 600
"""How long an acceptance of the new one counts as "now"."""
WORD = Ask("word", AskKind.WORD, "Type revoke to go on", word="revoke")


def stops(walk: Walk) -> Iterator[str]:
    """What will stop working, and which of it is not known to have the new one yet."""
    if not walk.case.uses:
        yield "No use is known. That is no proof that there is none."
    for use in walk.case.uses:
        ready = use.state in (Settled.CHANGED, Settled.BY_HAND)
        yield f"{'has the new one' if ready else 'STOPS'}: {use_line(walk, use)}"
    if walk.case.order is Order.GENERATE_FIRST:
        waiting = [place for place in walk.case.places if place.state is Settled.OPEN]
        if waiting:
            yield f"{len(waiting)} places on this machine still hold the old one."


def baseline(walk: Walk) -> Iterator[str]:
    """Before a revocation: a refusal afterwards proves something only if one of the two is accepted now."""
    old = walk.old()
    known = walk.case.old.accepted or (walk.case.new and walk.case.new.accepted)
    if not old or not walk.case.registry or known or not can_be_asked(walk):
        return
    found = verify_secret(walk, old, walk.case.old.username)
    walk.log(StepId.REVOKE, f"before: {found.verdict}")
    yield f"Before: {found.registry} says {found.verdict}."


def prove(walk: Walk, asked: Verification | None = None) -> Iterator[str]:
    """The one request with the old secret after its revocation, unless it was just asked; and what that proves."""
    old = walk.old()
    if not old:
        raise StepFailed(
            "the old secret is not at hand any more, so nothing can be asked", "write down how it was revoked"
        )
    if not walk.case.registry:
        raise StepFailed("no registry is known to ask", "write down how it was revoked")
    if not can_be_asked(walk):
        raise StepFailed("whose it is is not known, so a refusal would prove nothing", "write down how it was revoked")
    yield from _new_is_accepted(walk)
    after = asked or verify_secret(walk, old, walk.case.old.username)
    yield f"{after.registry}: {after.verdict}. {after.reason}"
    if proves_dead(after, accepted_before=walk.case.old.accepted is not None, new_accepted=new_works_now(walk)):
        yield from bury(walk, f"refused by {after.registry}, which answered an anonymous request")
    elif after.verdict.works:
        walk.log(StepId.REVOKE, f"still accepted: {after.reason}")
        raise StepFailed(
            f"{after.registry} still accepts the old one",
            walk.kind.remaining_life or "look whether the right one was revoked; some take minutes to end",
        )
    else:
        walk.log(StepId.REVOKE, f"not proven: {after.verdict}, {after.reason}")
        raise StepFailed(f"not proven: {after.verdict} ({after.reason})", _why_not(after))


def bury(walk: Walk, proof: str) -> Iterator[str]:
    """After the proof the old secret is never sent again, and is erased from the case's store."""
    dead = replace(walk.case.old, dead=walk.around.clock(), saved=False)
    walk.record(StepId.REVOKE, "the old one is dead", proof, old=dead, pending=None)
    yield f"Proven: {proof}."
    try:
        walk.secrets.erase("old")
    except StoreError as error:
        yield f"The case's store still holds the old secret ({error.reason}); it opens nothing any more."
    if walk.kind.remaining_life:
        yield walk.kind.remaining_life


def _new_is_accepted(walk: Walk) -> Iterator[str]:
    """Where the old one was never seen to be accepted, the new one must be accepted now."""
    new, held = walk.new(), walk.case.new
    if walk.case.old.accepted is None and new and held:
        found = verify_secret(walk, new, held.username)
        yield f"The new one: {found.verdict}."


def new_works_now(walk: Walk) -> bool:
    """Whether the registry accepted the new one within the last minutes."""
    held = walk.case.new
    if held is None or held.accepted is None:
        return False
    return 0 <= walk.around.clock() - held.accepted < FRESH_SECONDS  # a clock that was set back proves nothing


def _why_not(after: Verification) -> str:
    if after.verdict.dead and not after.challenged:
        return "the host did not ask for a login, or without TLS, so its refusal proves nothing"
    if after.verdict.dead:
        return "it was never seen to be accepted; verify the new one first, then prove again"
    return "this is not an answer about the credential; try again later"
