"""Whether a registry accepts a login: the distribution protocol, spoken carefully. One attempt, no retry.

The order: an anonymous request, which shows whether the right host is there and what it asks for; then the login;
then, where it was accepted, the negative control and the rights. A refusal needs no control.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from checks.formats.display import printable
from checks.formats.registry_names import is_loopback
from guides.registries.authorization import why_not_basic
from guides.registries.challenge import Challenge, read_challenges
from guides.registries.control import Control, tells_apart
from guides.registries.judging import API_VERSION, Judgement, is_page, judge_failure, retry_after, strange
from guides.registries.network import Answer, Network, NetworkFailure, NoTls, Unreachable
from guides.registries.realm import RealmRefused, check_realm, destinations, registry_host
from guides.registries.rights import check_question, rights
from guides.registries.sign_in import Door, sign_in
from guides.registries.verification import RegistryLogin, Verdict, Verification

__all__ = ["destinations", "verify"]


def verify(
    login: RegistryLogin,
    network: Network,
    *,
    realms: Collection[str] = (),
    repository: str | None = None,
    actions: Sequence[str] = ("pull",),
    control: Control | None,
    clock: Callable[[], float] = time.time,
) -> Verification:
    """Asks the registry about this login, once. Never raises for what a host does.

    `realms`: hosts of token services that the provider is known for, or that the person agreed to after a
    REFUSED_REALM. `repository`: also asks what it may do there; LIMITED where one of `actions` is not granted, and
    `granted` stays empty where the registry does not say. Raises ValueError for a name that no repository can have.
    `control`: None leaves the negative control out, and then nothing is `accepted`.
    """
    if repository is not None:
        check_question(repository, actions)
    nothing = Verification(login.registry, Verdict.UNKNOWN, "")
    try:
        host = registry_host(login.registry)
    except ValueError as error:
        return replace(nothing, reason=str(error))
    if not login.secret:
        return replace(nothing, reason="there is no secret to send")
    try:
        base, answer = probe(host, network)
    except NetworkFailure as failure:
        return _judged(nothing, judge_failure(failure))
    if answer.status != 401:
        return _judged(nothing, _without_challenge(answer, host, clock()))
    challenges = read_challenges(answer.headers_named("WWW-Authenticate"))
    door = _door(challenges, login, base, network, realms, clock)
    if isinstance(door, Verification):
        return door
    nothing = replace(nothing, challenged=base.startswith("https:") or is_loopback(host), realm=_other_host(door))
    return _tried(nothing, door, login, network, control, repository, actions)


def probe(host: str, network: Network) -> tuple[str, Answer]:
    """The registry's address and its answer to an anonymous request. Raises NetworkFailure.

    Without TLS only where `network` allows it, and only when TLS is not spoken there: a certificate that is wrong is
    never answered with a plain connection.
    """
    try:
        return f"https://{host}", network.send("GET", f"https://{host}/v2/")
    except (NoTls, Unreachable):
        if not network.plain_allowed(host):
            raise
    return f"http://{host}", network.send("GET", f"http://{host}/v2/")


def _without_challenge(answer: Answer, host: str, now: float) -> Judgement:
    name = printable(host, 80)
    if answer.status == 200 and (answer.header(API_VERSION) or not is_page(answer)):
        return Judgement(Verdict.NO_AUTHENTICATION, f"{name} lets everybody in: it asks nobody for a login")
    if answer.status == 429:
        return Judgement(Verdict.RATE_LIMITED, f"{name} was asked too often", retry_after(answer, now))
    if answer.status == 404:
        return Judgement(Verdict.UNKNOWN, f"{name} is no registry (status 404)")
    return Judgement(*strange(answer, host), retry_after(answer, now))


def _door(
    challenges: Sequence[Challenge],
    login: RegistryLogin,
    base: str,
    network: Network,
    realms: Collection[str],
    clock: Callable[[], float],
) -> Door | Verification:
    """The first way in that this login can take: a token service as docker prefers it, else Basic."""
    host = printable(urlsplit(base).netloc, 80)
    refusal: RealmRefused | None = None
    obstacle = f"{host} refuses anonymous requests, and asks for nothing that is known here"
    for challenge in sorted(challenges, key=lambda one: one.scheme != "bearer"):
        if challenge.scheme == "basic" and login.identity:
            obstacle = f"{host} asks for a user and a password, and this is an identity token"
        elif challenge.scheme in ("basic", "bearer") and not login.identity and (reason := why_not_basic(login)):
            obstacle = f"{reason}: nothing was sent"
        elif challenge.scheme == "basic":
            return Door(base, clock=clock)
        elif challenge.scheme == "bearer":
            try:
                realm = check_realm(challenge.get("realm"), login.registry, base, network, realms)
                return Door(base, realm, challenge.get("service"), clock)
            except RealmRefused as error:
                refusal = refusal or error
    if refusal:
        reason = f"{refusal}: nothing was sent"
        return Verification(login.registry, Verdict.REFUSED_REALM, reason, realm=refusal.host)
    return Verification(login.registry, Verdict.UNKNOWN, obstacle)


def _tried(
    nothing: Verification,
    door: Door,
    login: RegistryLogin,
    network: Network,
    control: Control | None,
    repository: str | None,
    actions: Sequence[str],
) -> Verification:
    attempt = sign_in(door, login, network)
    found = replace(_judged(nothing, attempt.judgement), hosts=attempt.readers)
    if found.verdict.dead and not found.challenged:
        return replace(found, reason=f"{found.reason}, over plain http, where others on the way could say so as well")
    if not found.verdict.works:
        return found
    if control is not None:
        found = _controlled(found, control.verdict(door, login, network))
    if repository is not None and found.verdict.works:
        found = _with_rights(found, door, login, network, repository, actions)
    return found


def _controlled(found: Verification, control: Verdict) -> Verification:
    refused = tells_apart(found.verdict, control)
    if refused is None:
        return replace(found, reason=f"{found.reason}; whether it refuses strangers could not be told ({control})")
    if refused:
        return replace(found, control_refused=True)
    reason = "a made-up login is accepted there too, so that this one is means nothing"
    return replace(found, verdict=Verdict.UNKNOWN, reason=reason, control_refused=False)


def _with_rights(
    found: Verification, door: Door, login: RegistryLogin, network: Network, repository: str, actions: Sequence[str]
) -> Verification:
    told = rights(door, login, network, repository, actions)
    reason = f"{found.reason}; {told.reason}"
    if told.granted is None:
        return replace(found, reason=reason)
    enough = "*" in told.granted or not told.complete or set(actions) <= set(told.granted)
    verdict = found.verdict if enough else Verdict.LIMITED
    return replace(found, verdict=verdict, reason=reason, granted=told.granted)


def _judged(found: Verification, judgement: Judgement) -> Verification:
    return replace(found, verdict=judgement.verdict, reason=judgement.reason, retry_after=judgement.retry_after)


def _other_host(door: Door) -> str:
    if door.realm is None or door.realm.host == door.host:
        return ""
    return door.realm.host
