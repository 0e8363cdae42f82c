from __future__ import annotations

from checks.model.credential import credential_id, group
from checks.model.finding import Confidence, Finding, Place, Severity
from checks.model.secret import FingerprintKey, Secret
from tests.checks.conftest import random_password, random_token

KEY = FingerprintKey(b"k" * 32)


def finding(path: str, secret: Secret | None, severity: Severity = Severity.HIGH, **fields: str) -> Finding:
    return Finding("c", "r", "t", severity, Confidence.CERTAIN, Place(path), secret, **fields)  # type: ignore[arg-type]


def test_findings_of_one_secret_are_one_credential() -> None:
    value, other = random_password(), random_password()
    findings = [
        finding("a", Secret(value), Severity.MEDIUM),
        finding("b", Secret(other)),
        finding("c", Secret(value), Severity.LOW, registry="ghcr.io", username="ann"),
        finding("d", None, Severity.CRITICAL),
    ]
    first, second = group(findings, KEY)
    assert [one.place.path for one in second.findings] == ["a", "c"]
    assert (second.registry, second.username, second.provider) == ("ghcr.io", "ann", "ghcr")
    assert (second.severity, first.severity) == (Severity.MEDIUM, Severity.HIGH)
    assert first.secret == Secret(other)


def test_the_worst_comes_first_and_equals_keep_their_order() -> None:
    secrets = [Secret(random_password()) for _ in range(3)]
    severities = [Severity.LOW, Severity.HIGH, Severity.HIGH]
    grouped = group([finding(str(n), one, severities[n]) for n, one in enumerate(secrets)], KEY)
    assert [one.secret for one in grouped] == [secrets[1], secrets[2], secrets[0]]


def test_a_token_names_its_provider_and_kind() -> None:
    (credential,) = group([finding("a", Secret(random_token("dckr_pat_", 40)))], KEY)
    assert (credential.provider, credential.kind) == ("docker-hub", "docker-hub-pat")
    assert credential.kind_title == "Docker Hub personal access token"
    (credential,) = group([finding("a", Secret(random_password()))], KEY)
    assert (credential.provider, credential.kind_title) == (None, "password")


def test_an_id_is_stable_and_says_nothing() -> None:
    value = random_password()
    assert credential_id(Secret(value), KEY) == credential_id(Secret(value), KEY)
    assert value not in repr(group([finding("a", Secret(value))], KEY))
