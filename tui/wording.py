"""How findings and credentials are put into words: the same in the app and on a plain terminal."""

from __future__ import annotations

from pathlib import Path

from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.model.credential import Credential
from checks.model.finding import Finding, PlaceKind


def registry_title(registry: str | None) -> str:
    if not registry:
        return "another secret"
    return "Docker Hub" if registry == HUB_CONTAINERS_NAME else registry


def place_text(finding: Finding, home: Path) -> str:
    """`~/.docker/config.json:4`, or `$DOCKER_AUTH_CONFIG`."""
    place = finding.place
    if place.kind is PlaceKind.ENVIRONMENT:
        return f"${place.path}"
    shown = short_path(place.path, home)
    return f"{shown}:{place.line}" if place.line else shown


def short_path(path: str, home: Path) -> str:
    return f"~{path.removeprefix(str(home))}" if path.startswith(f"{home}/") else path


def count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def places(credential: Credential) -> str:
    return count(len(credential.findings), "place")
