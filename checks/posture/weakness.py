"""The shape of a weak setting."""

from __future__ import annotations

from checks.formats.docker_auth import AuthFile
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity

CHECK = "docker-posture"


def weakness(
    rule: str,
    title: str,
    severity: Severity,
    place: Place,
    advice: str,
    *,
    locator: str = "",
    registry: str | None = None,
    confidence: Confidence = Confidence.CERTAIN,
) -> Finding:
    """A finding without a secret."""
    return Finding(CHECK, rule, title, severity, confidence, place, None, registry, None, advice, locator)


def at_file(path: object, line: int | None = None, column: int | None = None, field: str | None = None) -> Place:
    return Place(str(path), PlaceKind.FILE, line=line, end_line=line, column=column, field=field)


def in_file(path: object, auth_file: AuthFile, offset: int, field: str) -> Place:
    line, column = auth_file.lines.at(offset)
    return at_file(path, line, column, field)
