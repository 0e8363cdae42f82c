"""Credentials: the findings that share one secret, the thing that a person rotates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from checks.formats.registry_names import provider_of
from checks.model.finding import Confidence, Finding, Severity
from checks.model.named_kinds import named_kind
from checks.model.secret import FingerprintKey, Secret


class Credential(NamedTuple):
    """All findings of one secret, with what is known of its registry, user and provider."""

    id: str
    secret: Secret
    findings: tuple[Finding, ...]
    registry: str | None
    username: str | None
    provider: str | None
    """Id of who issued it, "docker-hub" for example."""

    @property
    def severity(self) -> Severity:
        return max(finding.severity for finding in self.findings)

    @property
    def confidence(self) -> Confidence:
        return max(finding.confidence for finding in self.findings)

    @property
    def kind(self) -> str:
        return self.secret.kind

    @property
    def kind_title(self) -> str:
        return self.secret.form.title if self.secret.form else "password"


def credential_id(secret: Secret, key: FingerprintKey) -> str:
    return key.of("credential", secret)[:8]


def group(findings: Iterable[Finding], key: FingerprintKey) -> tuple[Credential, ...]:
    """Credentials in the order of severity, then of first appearance. Findings without a secret belong to none."""
    grouped: dict[Secret, list[Finding]] = {}
    for finding in findings:
        if finding.secret:
            grouped.setdefault(finding.secret, []).append(finding)
    credentials = [_credential(secret, tuple(members), key) for secret, members in grouped.items()]
    return tuple(sorted(credentials, key=lambda credential: -credential.severity))


def _credential(secret: Secret, findings: tuple[Finding, ...], key: FingerprintKey) -> Credential:
    registry = next((finding.registry for finding in findings if finding.registry), None)
    username = next((finding.username for finding in findings if finding.username), None)
    secret = next((one.secret for one in findings if one.secret and one.secret.form), secret)  # what a rule knew it by
    named = None if secret.form else next(filter(None, map(named_kind, findings)), None)
    secret = secret.known_as(named) if named else secret
    provider = provider_of(registry, secret.kind, username)
    return Credential(credential_id(secret, key), secret, findings, registry, username, provider)
