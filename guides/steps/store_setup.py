"""Setting up `pass` from within a case: without a store a new secret has no safe place."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.case.opening import case_secrets
from guides.case.walk import Walk
from guides.steps.step import Action, Answers, Ask, AskKind, Offer, StepFailed
from guides.stores.pass_setup import WITH_PASSPHRASE, WITHOUT_PASSPHRASE, PassSetup, apply, plan_pass_setup
from guides.stores.store import StoreError


def set_up(walk: Walk) -> Action:
    return Action("store", "Set up `pass` as a store, encrypted with a gpg key", lambda: _offer(walk), recommended=True)


def _offer(walk: Walk) -> Offer:
    plan = plan_pass_setup(walk.around.environment)
    if plan.missing_packages:
        packages = " ".join(plan.missing_packages)
        raise StepFailed("programs that `pass` needs are not installed", f"sudo apt install {packages}, then come back")
    commands = tuple(f"{step.title}:  {printable(step.command, 300)}" for step in plan.steps)
    makes_key = plan.key is None and not plan.store_exists
    notes = (f"With a passphrase: {WITH_PASSPHRASE}", f"Without: {WITHOUT_PASSPHRASE}") if makes_key else plan.notes
    asks = (
        Ask("passphrase", AskKind.SECRET, "Passphrase of the new key (nothing: none)", optional=True),
        Ask("again", AskKind.SECRET, "The same again", optional=True),
    )
    return Offer(
        lambda answers: _apply(walk, plan, answers), (*commands, *notes), asks=asks if makes_key else (), verb="Run"
    )


def _apply(walk: Walk, plan: PassSetup, answers: Answers) -> Iterator[str]:
    passphrase, again = answers.get("passphrase"), answers.get("again")
    if isinstance(passphrase, Secret) and passphrase != again:
        raise StepFailed("the two passphrases are not the same", "try again; nothing was done")
    yield "Making a key takes a moment."
    try:
        probe = apply(plan, passphrase if isinstance(passphrase, Secret) and passphrase else None)
    except StoreError as error:
        raise StepFailed(error.reason, error.mend) from None
    if not probe.works:
        raise StepFailed(probe.reason, probe.mend)
    walk.secrets = case_secrets(walk.around, walk.case)
    if not walk.secrets.store:
        raise StepFailed(walk.secrets.refusal, walk.secrets.mend)
    yield f"{walk.secrets.store.title} works: what it was given came back, and was erased again."
