"""How registries, places and numbers are put into words: the same in the guides, the app and on a plain terminal."""

from __future__ import annotations

from pathlib import Path

from checks.formats.display import printable, shell_path
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.model.finding import Place, PlaceKind


def registry_title(registry: str | None) -> str:
    """The registry's name for people."""
    if registry == HUB_CONTAINERS_NAME:
        return "Docker Hub"
    return printable(registry or "no registry known", 60)


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
