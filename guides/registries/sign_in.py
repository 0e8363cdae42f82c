"""One attempt with one login at the door that a registry showed: Basic, a token for a password, an identity token."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.authorization import CLIENT, account, basic, bearer, refresh_form, token_of, why_not_basic
from guides.registries.judging import Judgement, judge, judge_failure
from guides.registries.network import Answer, Network, NetworkFailure
from guides.registries.realm import Realm
from guides.registries.verification import RegistryLogin, Verdict
from guides.stores.store import TOKEN_USER

CATALOG = "registry:catalog:*"
"""The scope that asks for an identity token's proof and for no repository: ACR wants one (ACR's documentation)."""
_NO_OAUTH2 = (404, 405)


@dataclass(frozen=True, slots=True)
class Door:
    """Where and how a registry wants to be asked. Without a realm: Basic, at the registry itself."""

    base: str
    """Scheme and host: `https://ghcr.io`."""
    realm: Realm | None = None
    service: str = ""
    clock: Callable[[], float] = time.time

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    def endpoint(self, login: RegistryLogin) -> str:
        """What takes this login, for remembering: registry, host and way."""
        if self.realm is None:
            return f"{self.host} basic"
        return f"{self.host} {self.realm.host} {'identity' if login.identity else 'token'}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of it. `readers`: the hosts that saw the secret."""

    judgement: Judgement
    readers: tuple[str, ...] = ()
    turned_away: bool = False
    """The host said no, whatever that means for the login."""

    @property
    def verdict(self) -> Verdict:
        return self.judgement.verdict


def sign_in(door: Door, login: RegistryLogin, network: Network) -> Attempt:
    """Sends the secret once, to one host, and then shows the registry what was given for it."""
    if door.realm is None:
        return _by_basic(door, login, network)
    answer = ask_for_token(door, login, network)
    if isinstance(answer, Attempt):
        return answer
    token = token_of(answer.answer)
    if token is None:
        return _without_token(answer, door.realm.host, door.clock())
    return Attempt(_shown_to_registry(door, token, network), answer.readers)


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What the token service answered. `makeshift`: it knows no OAuth2, and the identity token went as a password."""

    answer: Answer
    readers: tuple[str, ...]
    makeshift: bool = False


def ask_for_token(door: Door, login: RegistryLogin, network: Network, scope: str = "") -> TokenAnswer | Attempt:
    """Asks the token service once; an Attempt where nothing came back. Never `offline_token`: nothing lasting is made.

    A service that does not know the POST of an identity token has not judged it, so it is asked by GET, as docker's
    own clients do.
    """
    realm = door.realm
    assert realm is not None
    readers = network.readers(realm.url)
    try:
        if not login.identity:
            return TokenAnswer(_by_password(door, login, network, scope), readers)
        answer = _by_form(door, login, network, scope)
        if answer.status not in _NO_OAUTH2:
            return TokenAnswer(answer, readers)
        stand_in = RegistryLogin(login.registry, login.username or TOKEN_USER, login.secret)
        if reason := why_not_basic(stand_in):
            return Attempt(
                Judgement(Verdict.UNKNOWN, f"{printable(realm.host, 80)} knows no OAuth2, and {reason}"), readers
            )
        return TokenAnswer(_by_password(door, stand_in, network, scope), readers, makeshift=True)
    except NetworkFailure as failure:
        return Attempt(judge_failure(failure), readers if failure.may_have_arrived else ())


def _without_token(found: TokenAnswer, host: str, now: float) -> Attempt:
    judgement = judge(found.answer, host, now)
    name = printable(host, 80)
    if judgement.verdict is Verdict.VALID:
        return Attempt(Judgement(Verdict.UNKNOWN, f"{name} answers without a token that can be used"), found.readers)
    if found.makeshift and judgement.verdict.dead:
        reason = f"{name} knows no OAuth2, and does not take an identity token as a password, which says nothing of it"
        return Attempt(Judgement(Verdict.UNKNOWN, reason), found.readers, turned_away=True)
    return Attempt(judgement, found.readers, turned_away=judgement.verdict.dead)


def _by_basic(door: Door, login: RegistryLogin, network: Network) -> Attempt:
    url = f"{door.base}/v2/"
    readers = network.readers(url)
    try:
        answer = network.send("GET", url, headers=basic(login.username, login.secret))
    except NetworkFailure as failure:
        return Attempt(judge_failure(failure), readers if failure.may_have_arrived else ())
    judgement = judge(answer, door.host, door.clock())
    return Attempt(judgement, readers, turned_away=judgement.verdict.dead)


def _by_password(door: Door, login: RegistryLogin, network: Network, scope: str) -> Answer:
    fields = {"service": door.service, "client_id": CLIENT, "account": account(login), "scope": scope}
    return network.send("GET", _with(door, fields), headers=basic(login.username, login.secret))


def _by_form(door: Door, login: RegistryLogin, network: Network, scope: str) -> Answer:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = refresh_form(login.secret, door.service, scope or CATALOG)
    return network.send("POST", _with(door, {}), headers=form, body=body)


def _with(door: Door, fields: Mapping[str, str]) -> str:
    assert door.realm is not None
    query = urlencode({name: value for name, value in fields.items() if value}, errors="surrogateescape")
    if not query:
        return door.realm.url
    return f"{door.realm.url}{'&' if '?' in door.realm.url else '?'}{query}"


def _shown_to_registry(door: Door, token: Secret, network: Network) -> Judgement:
    """A token alone proves nothing, since anybody gets one: the registry must take it."""
    try:
        answer = network.send("GET", f"{door.base}/v2/", headers=bearer(token))
    except NetworkFailure as failure:
        return judge_failure(failure)
    judgement = judge(answer, door.host, door.clock())
    if judgement.verdict.dead:
        reason = f"the token service gave a token, and {printable(door.host, 80)} does not take it"
        return Judgement(Verdict.LIMITED, reason)
    return judgement
