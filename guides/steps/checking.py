"""Asking the registry about the secrets of a case, and what that proves."""

from __future__ import annotations

from dataclasses import replace

from checks.model.secret import Secret
from guides.case.walk import Walk
from guides.registries.control import Control
from guides.registries.verification import RegistryLogin, Verdict, Verification
from guides.registries.verify import destinations, verify


def destination(walk: Walk, masked: str) -> tuple[str, ...]:
    """What will be sent where, for the person to agree to. Empty where no registry can be asked."""
    try:
        hosts = " and ".join((*destinations(walk.case.registry or ""), *walk.case.realms))
    except ValueError:
        return ()
    control = "If it is accepted, a made-up login is sent there as well, which must be refused."
    what = masked if "..." in masked else f"the secret ({masked})"
    return (f"{what} is sent to {hosts}, once, and nowhere else. {control}",)


def can_be_asked(walk: Walk) -> bool:
    """Whether the old one can be tried: without its user a refusal would say nothing. ghcr.io looks at no user."""
    return bool(walk.case.username) or walk.case.old.identity or walk.provider.id == "ghcr"


def verify_secret(
    walk: Walk, secret: Secret, username: str, repository: str | None = None, actions: tuple[str, ...] = ("pull",)
) -> Verification:
    """One attempt at the case's registry; what is learnt of the secret is recorded in the case. No second attempt."""
    identity = walk.case.old.identity and walk.is_old(secret)
    login = RegistryLogin(walk.case.registry or "", username, secret, identity)
    found = verify(
        login,
        walk.around.network,
        realms=(*walk.provider.realms, *walk.case.realms),
        repository=repository,
        actions=actions,
        control=Control(walk.around.state, walk.around.clock),
        clock=walk.around.clock,
    )
    asked = found.realm if found.verdict is Verdict.REFUSED_REALM else ""
    if asked != walk.case.asked_realm:
        walk.file.keep(replace(walk.case, asked_realm=asked))
    if found.accepted:
        remember_accepted(walk, secret)
    return found


def remember_accepted(walk: Walk, secret: Secret) -> None:
    """Notes when this secret of the case was accepted: a later refusal is proof only beside that."""
    now, case = walk.around.clock(), walk.case
    if walk.is_old(secret):
        walk.file.keep(replace(case, old=replace(case.old, accepted=now)))
    elif case.new and case.new.fingerprint == walk.fingerprint(secret):
        walk.file.keep(replace(case, new=replace(case.new, accepted=now)))
