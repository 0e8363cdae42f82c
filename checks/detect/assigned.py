"""The secret in `name=value`, with what its siblings say of registry and user: one judgement for every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.detect.assignments import judge
from checks.detect.registry_variables import registry_variable
from checks.detect.values import is_reference
from checks.formats.url_logins import login_in_url
from checks.model.finding import Confidence, Severity
from checks.model.secret import Secret

LONGEST_VALUE = 10_000


@dataclass(frozen=True, slots=True)
class AssignedSecret:
    """`start` and `end` bound it within the value."""

    secret: Secret
    confidence: Confidence
    registry: str | None
    username: str | None
    start: int
    end: int

    @property
    def severity(self) -> Severity:
        """A token with a known form opens an account from anywhere; a registry's password lets images be replaced."""
        if self.secret.kind not in ("password", "jwt"):
            return Severity.CRITICAL
        return Severity.HIGH if self.registry else Severity.MEDIUM


def assigned_secret(
    name: str, value: str, siblings: Mapping[str, str], *, literal: bool = False
) -> AssignedSecret | None:
    """None where the value is no secret. `literal`: nothing in the value is replaced, so `$X` is no reference."""
    if not value or len(value) > LONGEST_VALUE or (is_reference(value) and not literal):
        return None
    if login := login_in_url(value):
        confidence = judge("password", value[login.start : login.end])
        if not confidence:
            return None
        return AssignedSecret(login.secret, confidence, login.host, login.username, login.start, login.end)
    variable = registry_variable(name, value, siblings)
    confidence = variable.confidence if variable else judge(name, value)
    if not confidence:
        return None
    registry, username = (variable.registry, variable.username) if variable else (None, None)
    return AssignedSecret(Secret(value), confidence, registry, username, 0, len(value))
