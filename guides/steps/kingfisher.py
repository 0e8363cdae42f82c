"""The extra kingfisher in the steps: whether the issuer accepts a secret, and its end, for what opens no registry.

Every question is an action of its own that says which host sees the secret. That the old one is dead is proven by the
same question that was answered with "accepted" before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from checks.detect.second_engine_package import installed
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.providers.beyond.catalog import holder_of
from guides.registries.kingfisher import Heard, Kingfisher, KingfisherFailure, Known
from guides.steps.checking import remember_accepted
from guides.steps.revoking import WORD, bury, new_works_now, stops
from guides.steps.step import Action, Offer, StepFailed
from guides.steps.taught import opens_no_registry

_UNNAMED = "the issuer's API, by kingfisher"
_BY = "asked by kingfisher, without a made-up one beside it"


def asking_old(walk: Walk) -> Iterator[Action]:
    """Evidence: is the old one still accepted?"""
    if _serves(walk) and walk.old():
        yield Action("kingfisher", "Ask its issuer whether the old one is still accepted", partial(_about_old, walk))


def asking_new(walk: Walk) -> Iterator[Action]:
    """Test: is the new one accepted, and the old one still?"""
    if _serves(walk) and walk.case.new:
        yield Action(
            "kingfisher", "Ask its issuer whether the new one is accepted", partial(_about_new, walk), recommended=True
        )


def revoking(walk: Walk) -> Iterator[Action]:
    """Revoke: by the issuer's API where kingfisher can, and the proof of what was done in the browser."""
    if _serves(walk) and walk.old():
        yield Action("kingfisher", "Revoke it at its issuer, by kingfisher", partial(_ending, walk))
        yield Action("kingfisher-prove", "It was revoked by hand: ask its issuer, once", partial(_proving, walk))


def _serves(walk: Walk) -> bool:
    """Where an account of ours asks the issuer, kingfisher is not needed."""
    return installed() and opens_no_registry(walk) and not walk.kind.client


def _about_old(walk: Walk) -> Offer:
    secret = _old(walk)
    asking, known = _find(walk, secret)
    return Offer(lambda _: _tell(walk, StepId.EVIDENCE, secret, asking, known), _sent(secret, known.hosts), verb="Ask")


def _about_new(walk: Walk) -> Offer:
    secret = walk.new()
    if not secret:
        raise StepFailed("the new secret is not in the case's store any more", "make another one")
    asking, known = _find(walk, secret)
    return Offer(lambda _: _try_new(walk, secret, asking, known), _sent(secret, known.hosts), verb="Ask")


def _ending(walk: Walk) -> Offer:
    secret = _old(walk)
    asking, known = _find(walk, secret)
    if not known.revocable:
        raise StepFailed("kingfisher knows no call that ends this kind of secret", "revoke it by hand")
    effects = (
        *stops(walk),
        "It is asked whether the secret is accepted; then the secret is revoked for good; then it is asked once more.",
        *_sent(secret, (*known.hosts, *known.revoking_hosts)),
    )
    return Offer(lambda _: _end(walk, secret, asking, known), effects, asks=(WORD,), verb="Revoke")


def _proving(walk: Walk) -> Offer:
    secret = _old(walk)
    asking, known = _find(walk, secret)
    return Offer(lambda _: _prove(walk, asking, known), _sent(secret, known.hosts), asks=(WORD,), verb="Ask")


def _find(walk: Walk, secret: Secret) -> tuple[Kingfisher, Known]:
    """Reads the rules and looks for the one that knows this secret: nothing is sent yet."""
    try:
        asking = Kingfisher(walk.around.state.path)
        known = asking.know(secret, tuple(_names(walk)))
    except KingfisherFailure as error:
        raise StepFailed(str(error), "go on without it") from None
    if known is None:
        raise StepFailed("kingfisher knows no way to ask about this secret alone", "go on without it")
    return asking, known


def _names(walk: Walk) -> Iterator[str]:
    """Names that a rule may want before the secret: its place's, its kind's, its issuer's."""
    yield from dict.fromkeys(name for name in map(holder_of, walk.findings) if name.isidentifier())
    yield walk.case.old.kind.replace("-", "_")
    yield f"{walk.provider.id.replace('-', '_')}_api_key"


def _sent(secret: Secret, hosts: Sequence[str]) -> tuple[str, ...]:
    what = secret.masked if "..." in secret.masked else f"the secret ({secret.masked})"
    where = " and ".join(dict.fromkeys(hosts)) or _UNNAMED
    return (f"{what} is sent to {where} by kingfisher, which makes the connection itself.",)


def _asked(asking: Kingfisher, known: Known) -> Heard:
    try:
        return asking.ask(known)
    except KingfisherFailure as error:
        raise StepFailed(str(error), "try again later, or go on without it") from None


def _who(known: Known) -> str:
    return " and ".join(known.hosts) or _UNNAMED


def _tell(walk: Walk, step: StepId, secret: Secret, asking: Kingfisher, known: Known) -> Iterator[str]:
    heard = _asked(asking, known)
    if heard.accepted:
        remember_accepted(walk, secret)
    walk.log(step, f"{_who(known)}, {_BY}: {heard.says}")
    yield f"{_who(known)}: {heard.says}."


def _try_new(walk: Walk, secret: Secret, asking: Kingfisher, known: Known) -> Iterator[str]:
    heard = _asked(asking, known)
    yield f"{_who(known)}: {heard.says}."
    if not heard.accepted:
        walk.log(StepId.TEST, f"the new one, {_BY}: {heard.says}")
        raise StepFailed(f"the new one is not known to be accepted: {heard.says}", "look at its rights at the issuer")
    remember_accepted(walk, secret)
    walk.record(StepId.TEST, f"the new one: {heard.says}", f"answered by {_who(known)}, {_BY}")


def _end(walk: Walk, secret: Secret, asking: Kingfisher, known: Known) -> Iterator[str]:
    before = _asked(asking, known)
    yield f"Before: {before.says}."
    if not before.accepted:
        raise StepFailed(f"nothing was revoked: {before.says}", "look whether it is dead already: ask its issuer, once")
    remember_accepted(walk, secret)
    mend = "ask its issuer again: it may be done already"
    walk.begin(StepId.REVOKE, f"revoking at {_who(known)} by kingfisher", mend)
    try:
        says = asking.revoke(before)
    except KingfisherFailure as error:
        raise StepFailed(str(error), "ask its issuer once more, or look at its page") from None
    walk.settle(StepId.REVOKE, f"revoked by kingfisher: {says}")
    yield f"Revoked: {says}."
    yield from _prove(walk, asking, known)


def _prove(walk: Walk, asking: Kingfisher, known: Known) -> Iterator[str]:
    """One question; a refusal proves something where the old one was accepted before, or the new one is now."""
    heard = _asked(asking, known)
    yield f"{_who(known)}: {heard.says}."
    if heard.accepted is False and (walk.case.old.accepted is not None or new_works_now(walk)):
        yield from bury(walk, f"refused by {_who(known)}, {_BY}")
        return
    walk.log(StepId.REVOKE, f"not proven: {heard.says}")
    if heard.accepted:
        raise StepFailed("its issuer still accepts the old one", "look whether the right one was revoked")
    why = heard.says if heard.accepted is None else "it was never seen to be accepted, and neither was the new one now"
    raise StepFailed(f"not proven: {why}", "write down how it was revoked")


def _old(walk: Walk) -> Secret:
    old = walk.old()
    if not old:
        raise StepFailed("the old secret is not at hand any more", "write down how it was revoked")
    return old
