"""Which uses belong to a credential, and how sure that is."""

from __future__ import annotations

import pytest

from checks.formats.registry_names import provider_of
from checks.model.credential import Credential, credential_id
from checks.model.finding import Confidence, Finding, Place, Severity
from checks.model.secret import FingerprintKey, Secret
from checks.model.use import Match, Use
from checks.uses.matching import match_of, registries_of, resolved, uses_of
from tests.checks.conftest import random_password, random_token

KEY = FingerprintKey(b"k" * 32)


def credential(registry: str | None, username: str | None = None, secret: str = "") -> Credential:
    value = Secret(secret or random_password())
    found = Finding("c", "r", "t", Severity.HIGH, Confidence.CERTAIN, Place("/x"), value, registry, username)
    return Credential(credential_id(value, KEY), value, (found,), registry, username, provider_of(registry, value.kind))


def use(**fields: object) -> Use:
    return Use(**{"kind": "k", "title": "t", "path": "/p", "line": 1} | fields)  # type: ignore[arg-type]


def test_the_three_rules_and_their_order() -> None:
    word = random_password()
    ours = credential("https://index.docker.io/v1/", "Alice", word)
    same_registry = use(registry="docker.io", path="/a")
    implied = use(registry="docker.io", path="/0", implied=True)
    other_user = use(registry="docker.io", path="/b", username="bob")
    same_user = use(registry="docker.io", path="/z", username="alice")
    same_secret = use(registry="quay.io", path="/zz", secret=Secret(word))
    foreign = [use(registry="ghcr.io"), use(), use(registry="quay.io", secret=Secret(random_password()))]
    found = uses_of(ours, [*foreign, implied, other_user, same_registry, same_user, same_secret])
    assert [one for one, _ in found] == [same_secret, same_user, same_registry, other_user, implied]
    assert [match for _, match in found] == [
        Match.SECRET, Match.REGISTRY_AND_USER, Match.REGISTRY, Match.REGISTRY, Match.REGISTRY
    ]  # fmt: skip


def test_a_credential_without_a_registry_is_looked_for_where_its_issuer_is_used() -> None:
    token = random_token("ghp_", 36)
    assert registries_of(credential(None, None, token)) == {"ghcr.io"}
    assert registries_of(credential("github.com", "bob", token)) == {"ghcr.io", "github.com"}
    assert registries_of(credential("docker.pkg.github.com")) == {"docker.pkg.github.com"}
    assert registries_of(credential(None)) == frozenset()
    assert match_of(credential(None), use(registry=None)) is None
    assert match_of(credential(None, None, token), use(registry="ghcr.io")) is Match.REGISTRY


def test_an_access_key_makes_logins_for_every_registry_of_amazons() -> None:
    value = Secret(random_password())
    key = Credential("id", value, (), None, None, "ecr")
    login = Credential("id", value, (), "1.dkr.ecr.eu-west-1.amazonaws.com", "AWS", "ecr")
    elsewhere = use(registry="2.dkr.ecr.us-east-1.amazonaws.com")
    assert match_of(key, elsewhere) is Match.REGISTRY
    assert match_of(login, elsewhere) is None and match_of(key, use(registry="ghcr.io")) is None


def test_who_names_a_secret_of_the_cluster_uses_the_login_in_it() -> None:
    word = random_password()
    held = use(
        kind="kubernetes", name="regcred", registry="quay.io", username="bob", secret=Secret(word), path="/secret"
    )
    account = use(kind="kubernetes", name="regcred", path="/account")
    beside = use(kind="helm", name="regcred", registry="quay.io", path="/values")
    other = use(kind="kubernetes", name="other", path="/other")
    elsewhere = use(kind="drone", name="regcred", path="/drone")
    found = uses_of(credential("quay.io", "bob", word), [account, beside, other, elsewhere, held])
    assert [(one.path, match) for one, match in found] == [
        ("/secret", Match.SECRET),
        ("/account", Match.REGISTRY_AND_USER),
        ("/values", Match.REGISTRY_AND_USER),
    ]
    once = resolved((account, held))
    assert resolved(once) == once


@pytest.mark.parametrize(("match", "label"), [(Match.SECRET, "secret"), (Match.REGISTRY_AND_USER, "registry-and-user")])
def test_words(match: Match, label: str) -> None:
    assert match.label == label
    assert match.says


def test_ids_are_stable_and_tell_two_apart() -> None:
    one = use(name="A")
    assert one.id(KEY) == use(name="A", line=9).id(KEY)
    assert one.id(KEY) != use(name="B").id(KEY)
    assert one.id(KEY) != one.id(FingerprintKey(b"o" * 32))
