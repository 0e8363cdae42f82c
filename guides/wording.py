"""How registries, places and numbers are put into words: the same in the guides, the app and on a plain terminal."""

from __future__ import annotations

from pathlib import Path

from checks.formats.display import printable, shell_path
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.model.finding import Finding, History, Place, PlaceKind


def registry_title(registry: str | None) -> str:
    """The registry's name for people."""
    if registry == HUB_CONTAINERS_NAME:
        return "Docker Hub"
    return printable(registry or "no registry known", 60)


def case_title(registry: str | None, issuer: str) -> str:
    """What a case is about: its registry, else whose secret it is (an id of guides/providers)."""
    from guides.providers.beyond.catalog import name_of  # reads YAML, which a scan need not wait for
    from guides.providers.catalog import UNKNOWN, provider

    known = provider(issuer)
    return registry_title(registry) if registry or known.id == UNKNOWN else name_of(known)


def place_text(place: Place, home: Path) -> str:
    """Where it lies, in one short line that can be shown safely."""
    line = f":{place.line}" if place.line else ""
    if place.kind is PlaceKind.ENVIRONMENT:
        return f"variable {printable(place.path)}"
    if place.kind is PlaceKind.CONTAINER:
        engine = f"{shell_path(place.repository, home)}: " if place.repository else ""
        image = f" of {printable(place.image)}" if place.image else ""
        return f"{engine}container {printable(place.path)}{image}{_field(place)}"
    if place.kind is PlaceKind.IMAGE:
        archive = f"{shell_path(place.repository, home)}: " if place.repository else ""
        layer = f", layer {printable(place.layer, 20)}" if place.layer and not place.field else ""
        shown = f"{archive}image {printable(place.image or place.path)}{layer}, {printable(place.path)}{line}"
        return f"{shown}{_field(place)}"
    if place.kind is PlaceKind.GIT:
        where = "" if place.field else f" in {place.commit[:8]}" if place.commit else " in no commit"
        repository = f"{shell_path(place.repository, home)}: " if place.repository else ""
        return f"{repository}{printable(place.path, 200)}{line}{where}"
    return f"{shell_path(place.path, home)}{line}"


def _field(place: Place) -> str:
    """Of an image's or container's configuration, or which layer it was and what made it."""
    field = (place.field or "").removeprefix("history").strip()  # the path has said that
    return f", {printable(field, 80)}" if field else ""


def history_text(finding: Finding) -> str:
    """Whether git still holds it there, since when, and who may have it, in a clause or two; or an empty text."""
    history = finding.history
    if not history:
        return ""
    if history.staged:
        now = "staged again" if history.authored else "staged, not committed yet"
    elif finding.place.field:
        now = "in the history"
    elif not finding.place.commit:
        now = "in no commit, but kept by git"
    else:
        now = "still there in HEAD" if history.at_head else "gone from HEAD, not from the history"
    who = f" by {printable(history.author, 40)}" if history.author else ""
    since = f" since {history.authored[:10]}{who}" if history.authored else ""
    return f"{now}{since}; {_spread(history)}"


def _spread(history: History) -> str:
    if history.hosts:
        return f"on {', '.join(printable(host, 60) for host in history.hosts)}"
    if history.remotes:
        return "on a remote without a host"
    if not history.refs:
        return "reached by no branch or tag"
    return "not pushed as far as this repository knows"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
