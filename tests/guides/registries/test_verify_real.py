"""Verification against the real registry: with htpasswd, with a token server, and the demo's own."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Literal

import pytest

from checks.model.secret import Secret
from guides.demo.made_up import password
from guides.demo.registry import DemoRegistry
from guides.registries.control import Control
from guides.registries.network import Network
from guides.registries.verification import RegistryLogin, Verdict, proves_dead
from guides.registries.verify import verify
from tests.services.registry import basic_registry, token_registry

ODD = 'p:w"x y\u00fc\u20ac'
"""Legal in a password, and the end of many a client."""


@pytest.fixture
def patient(network: Network) -> Network:
    return replace(network, total_seconds=20)


def login(registry: str, secret: str, user: str = "alice", *, identity: bool = False) -> RegistryLogin:
    return RegistryLogin(registry, user, Secret(secret), identity)


def test_basic_from_alive_to_proven_dead(patient: Network, control: Control) -> None:
    old, new = secrets.token_urlsafe(12) + ODD, secrets.token_urlsafe(12)
    with basic_registry({"alice": old, "bob": new}) as registry:
        before = verify(login(registry.host, old), patient, control=control)
        assert before.verdict is Verdict.VALID and before.accepted and before.challenged
        assert before.hosts == (registry.host,) and before.realm == ""

        registry.set_users({"bob": new})
        after = verify(login(registry.host, old), patient, control=control)
        assert after.verdict is Verdict.REFUSED and after.refused and not after.accepted
        newer = verify(login(registry.host, new, "bob"), patient, control=control)
        assert proves_dead(after, accepted_before=before.accepted, new_accepted=False)
        assert proves_dead(after, accepted_before=False, new_accepted=newer.accepted)
        assert not proves_dead(after, accepted_before=False, new_accepted=False)
        assert not proves_dead(before, accepted_before=True, new_accepted=newer.accepted)
    gone = verify(login(registry.host, old), patient, control=control)
    assert gone.verdict is Verdict.UNREACHABLE and not gone.refused
    assert not proves_dead(gone, accepted_before=True, new_accepted=newer.accepted)


def test_basic_reading_a_repository(patient: Network, control: Control) -> None:
    word = secrets.token_urlsafe(12)
    with basic_registry({"alice": word}) as registry:
        found = verify(
            login(registry.host, word), patient, repository="team/app", actions=("pull", "push"), control=control
        )
    assert (found.verdict, found.granted) == (Verdict.VALID, ("pull",))


@pytest.mark.parametrize("oauth2", [True, False])
def test_a_password_at_a_token_server(patient: Network, control: Control, oauth2: bool) -> None:
    word = secrets.token_urlsafe(12) + ODD
    with token_registry({"alice": word}, oauth2=oauth2) as registry:
        before = verify(login(registry.host, word), patient, control=control)
        assert before.accepted
        realm = registry.tokens.realm.removeprefix("http://").removesuffix("/token")
        assert before.hosts == (realm,) and before.realm == realm
        assert not registry.tokens.refresh_tokens, "nothing that lasts may be made"
        assert all("offline_token" not in asked.fields for asked in registry.tokens.log)
        asked = [one.method for one in registry.tokens.log]
        assert asked == ["GET", "GET"], "the login once, and the control once"

        registry.tokens.revoke("alice")
        after = verify(login(registry.host, word), patient, control=control)
        assert after.verdict is Verdict.REFUSED and proves_dead(after, accepted_before=True, new_accepted=False)
        assert len(registry.tokens.log) == 3


def test_an_identity_token_from_alive_to_dead(patient: Network, control: Control) -> None:
    with token_registry({"alice": secrets.token_urlsafe(12)}) as registry:
        token = registry.tokens.issue_refresh_token("alice")
        before = verify(login(registry.host, token, "<token>", identity=True), patient, control=control)
        assert before.accepted
        assert {asked.method for asked in registry.tokens.log} == {"POST"}
        assert not any(asked.authorized for asked in registry.tokens.log)
        registry.tokens.revoke_refresh_tokens("alice")
        after = verify(login(registry.host, token, "<token>", identity=True), patient, control=control)
        assert after.verdict is Verdict.REFUSED and after.refused


def test_without_oauth2_a_refused_identity_token_is_not_called_dead(patient: Network, control: Control) -> None:
    """It goes as a password, where it does not belong: a refusal says nothing of it."""
    with token_registry({"alice": secrets.token_urlsafe(12)}, oauth2=False) as registry:
        token = registry.tokens.issue_refresh_token("alice")
        found = verify(login(registry.host, token, identity=True), patient, control=control)
        assert found.verdict is Verdict.UNKNOWN and "OAuth2" in found.reason
        assert [asked.method for asked in registry.tokens.log] == ["POST", "GET"]


def test_without_oauth2_an_identity_token_that_is_taken_as_a_password(patient: Network, control: Control) -> None:
    token = secrets.token_urlsafe(24)
    with token_registry({"alice": token}, oauth2=False) as registry:
        assert verify(login(registry.host, token, identity=True), patient, control=control).accepted


@pytest.mark.parametrize(
    ("allowed", "asked", "granted", "verdict"),
    [
        ({"pull", "push"}, ("pull",), ("pull",), Verdict.VALID),
        ({"pull", "push"}, ("pull", "push"), ("pull", "push"), Verdict.VALID),
        ({"pull"}, ("pull", "push"), ("pull",), Verdict.LIMITED),
        ({"none"}, ("pull",), (), Verdict.LIMITED),
    ],
)
def test_what_is_granted(
    patient: Network, control: Control, allowed: set[str], asked: tuple[str, ...], granted: object, verdict: Verdict
) -> None:
    word = secrets.token_urlsafe(12)
    with token_registry({"alice": word}) as registry:
        registry.tokens.actions["alice"] = frozenset(allowed)
        found = verify(login(registry.host, word), patient, repository="team/app", actions=asked, control=control)
        token = registry.tokens.issue_refresh_token("alice")
        other = verify(
            login(registry.host, token, identity=True), patient, repository="team/app", actions=asked, control=control
        )
    assert (found.verdict, found.granted) == (verdict, granted), found.reason
    assert (other.verdict, other.granted) == (verdict, granted), other.reason
    assert found.accepted


@pytest.mark.parametrize("scheme", ["basic", "token"])
def test_the_demo_registries(patient: Network, control: Control, scheme: Literal["basic", "token"]) -> None:
    word = password()
    with DemoRegistry({"mira": word}, scheme) as registry:
        mira = RegistryLogin(registry.host, "mira", word)
        found = verify(mira, patient, repository="team/app", control=control)
        assert found.accepted and found.granted == ("pull",), found.reason
        registry.revoke("mira")
        assert verify(mira, patient, control=control).refused
        assert not registry.broken


def test_the_demos_identity_token(patient: Network, control: Control) -> None:
    with DemoRegistry({"mira": password()}, "token") as registry:
        token = registry.issue_identity_token("mira")
        mira = RegistryLogin(registry.host, "mira", token, identity=True)
        assert verify(mira, patient, control=control).accepted
        registry.revoke_identity_token(token)
        assert verify(mira, patient, control=control).refused
