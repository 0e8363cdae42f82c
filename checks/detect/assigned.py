"""The secret in `name=value`, with what its siblings say of registry and user: one judgement for every format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from checks.detect.assignments import judge
from checks.detect.registry_variables import registry_variable
from checks.detect.tokens import recognise
from checks.detect.values import is_reference, literal_of, not_a_secret
from checks.detect.weak_values import is_weak
from checks.formats.url_logins import login_in_url
from checks.model.finding import Confidence, Severity
from checks.model.secret import Secret

LONGEST_VALUE = 10_000


class AssignedSecret(NamedTuple):
    """`start` and `end` bound it within the value. A token of known form is as severe as its rule says; a registry's
    password lets images be replaced.
    """

    secret: Secret
    confidence: Confidence
    registry: str | None
    username: str | None
    start: int
    end: int
    severity: Severity


def assigned_secret(
    name: str, value: str, siblings: Mapping[str, str], *, literal: bool = False
) -> AssignedSecret | None:
    """None where the value is no secret. `literal`: nothing in the value is replaced, so `$X` is no reference."""
    if not value or len(value) > LONGEST_VALUE or (is_reference(value) and not literal):
        return None
    text = value if literal else literal_of(value)  # of ${NAME:-default} the default
    if not literal and not_a_secret(text):
        return None
    begin = max(value.rfind(text), 0)
    if login := login_in_url(text):
        start, end = begin + login.start, begin + login.end
        confidence = judge("password", value[start:end])
        if not confidence:
            return None
        return AssignedSecret(login.secret, confidence, login.host, login.username, start, end, Severity.HIGH)
    variable = registry_variable(name, text, siblings)
    confidence = variable.confidence if variable else judge(name, text)
    if not confidence:
        return None
    if variable and is_weak(text):
        confidence = Confidence.POSSIBLE
    registry, username = (variable.registry, variable.username) if variable else (None, None)
    known = recognise(text)
    severity = known[0].severity if known else Severity.HIGH if registry else Severity.MEDIUM
    secret = Secret(text, known[0].kind if known else None)
    return AssignedSecret(secret, confidence, registry, username, begin, begin + len(text), severity)
