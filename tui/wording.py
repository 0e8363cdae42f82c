"""How findings and credentials are put into words: the same in the app and on a plain terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checks.files.reading import size_text
from checks.formats.display import printable, shell_path
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.model.credential import Credential
from checks.model.finding import Finding, Place, PlaceKind, Skipped


def registry_title(registry: str | None) -> str:
    """The registry's name for people."""
    if registry == HUB_CONTAINERS_NAME:
        return "Docker Hub"
    return printable(registry or "no registry known", 60)


def credential_title(credential: Credential) -> str:
    """What it opens: its registry, else the kind of token, else what its first place says of it."""
    if credential.registry:
        return registry_title(credential.registry)
    form = credential.secret.form
    return printable(form.title if form else credential.findings[0].title, 60)


def is_movable(findings: Iterable[Finding]) -> bool:
    """Whether one of them lies in a client's credential file, where a move can take it out."""
    return any(finding.rule.startswith("plain-text-") for finding in findings)


def place_text(place: Place, home: Path) -> str:
    """Where it lies, in one short line that can be shown safely."""
    line = f":{place.line}" if place.line else ""
    if place.kind is PlaceKind.ENVIRONMENT:
        return f"variable {printable(place.path)}"
    if place.kind in (PlaceKind.IMAGE, PlaceKind.CONTAINER):
        layer = f", layer {printable(place.layer, 20)}" if place.layer else ""
        return f"{place.kind} {printable(place.image or place.path)}{layer}, {printable(place.path)}{line}"
    path = shell_path(place.path, home)
    if place.kind is PlaceKind.GIT:
        return f"{path}{line} in {printable(place.commit or 'git', 8)}"
    return f"{path}{line}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def reason_text(skipped: Skipped) -> str:
    """Why something was not looked at, and how much it is."""
    files = counted(skipped.files, "file") if skipped.files is not None else ""
    size = size_text(skipped.size) if skipped.size is not None else ""
    amount = ", ".join(filter(None, (files, size)))
    return f"{printable(skipped.reason, 400)}{f' ({amount})' if amount else ''}"
