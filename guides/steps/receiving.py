"""Receiving a new secret: kept in the case's store first of all, then known to the case, then shown to the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.steps.checking import verify_secret
from guides.steps.step import StepFailed
from guides.stores.store import StoreError

_BY_HAND = "put it into a store by hand before you close the page that shows it"


def receive(
    walk: Walk, secret: Secret, username: str, *, label: str = "", remote_id: str = "", expires: str = ""
) -> Iterator[str]:
    """Keeps the new secret, first of all; then the case knows of it; then the registry is asked."""
    if walk.is_old(secret):
        raise StepFailed("this is the old secret", "make a new one, and paste that")
    try:
        walk.secrets.put("new", secret)
    except StoreError as error:
        raise StepFailed(f"the new secret could not be kept: {error.reason}", error.mend or _BY_HAND) from None
    held = replace(walk.known(secret, username), label=label, remote_id=remote_id, expires=expires, saved=True)
    store = walk.secrets.store
    assert store
    walk.settle(StepId.GENERATE, f"the new one is in {store.title}", new=held, store=store.id)
    yield f"Kept in {store.title}, and read back."
    if walk.case.registry:
        yield from verify_new(walk)
    else:
        walk.record(StepId.GENERATE, f"{held.masked}; no registry is known to verify it at; the step Test tries it")


def verify_new(walk: Walk) -> Iterator[str]:
    """Asks the registry once; the step is done when it accepts the new one and refuses a stranger."""
    new = walk.new()
    held = walk.case.new
    if not new or not held:
        raise StepFailed("the new secret is not in the case's store any more", "make another one")
    found = verify_secret(walk, new, held.username)
    yield f"{found.registry}: {found.verdict}. {found.reason}"
    if found.accepted:
        walk.record(StepId.GENERATE, about(walk), f"accepted by {found.registry}")
    elif found.verdict.dead:
        walk.log(StepId.GENERATE, f"the registry refused the new one: {found.reason}")
        raise StepFailed(
            f"{found.registry} does not accept the new one: {found.reason}", "look at its rights, or make another"
        )
    else:
        walk.log(StepId.GENERATE, f"not verified: {found.verdict}, {found.reason}")
        raise StepFailed(f"the new one is kept, and not verified: {found.verdict} ({found.reason})", "verify it again")


def about(walk: Walk) -> str:
    """The new one in a few words: its label, its form, its end."""
    held = walk.case.new
    assert held
    label = f'"{printable(held.label, 40)}"' if held.label else ""
    ends = f"expires {printable(held.expires, 40)}" if held.expires else ""
    return ", ".join(filter(None, (label, held.masked, ends)))
