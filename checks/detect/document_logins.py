"""Which registry and which user a password in a document belongs to: what stands beside it, and around it."""

from __future__ import annotations

from collections.abc import Mapping

from checks import late
from checks.detect.document_names import HOSTS, IMAGES, IN_LOGINS, LOGINS, USERS, snake
from checks.detect.document_values import Beside
from checks.detect.values import is_placeholder
from checks.formats.registry_names import HUB_CONTAINERS_NAME, provider_of, registry_of
from checks.formats.templates import HOLE
from checks.formats.yaml_positions import Node
from checks.model.token_kinds import kind_of

_MOST_SIBLINGS = 100
_HUB_ACTIONS = ("docker/login-action",)
_HUB_MODULES = frozenset({"docker_login"})
"""Where no registry is named, these log in to Docker Hub."""
_IMAGE_LOGINS = frozenset({"credentials", "auth", "aws_auth", "settings", "image"})
"""Mappings beside an image, or with one in them, that are the login for pulling it."""
_IN_NO_HOST = late.compile(f"[${{}}<> ()@,{HOLE}]")
_AROUND_HOSTS = frozenset({"registries", "auths", "configs", "credentials", "docker_registries", "hosts"})


def scalars(node: Node) -> dict[str, str]:
    """The texts of a mapping by their names in snake case; the last one of a name counts."""
    found = {snake(held.name): held.value.text for held in node.members if held.value.kind == "scalar"}
    return found if len(found) <= _MOST_SIBLINGS else dict(list(found.items())[:_MOST_SIBLINGS])


def login_of(path: tuple[str, ...], node: Node, above: Node | None) -> Beside:
    """What this mapping says of its passwords: the registry's name where one is told, and the user's."""
    siblings = scalars(node)
    around = snake(path[-1]) if path else ""
    registry = _told(siblings, HOSTS) or _by_place(path, around, siblings) or _by_image(around, siblings, above)
    if not registry and _hub(around, above):
        registry = HUB_CONTAINERS_NAME
    if registry and "match_host" in siblings and siblings.get("host_type", "docker") != "docker":
        registry = registry if provider_of(registry, "") else None
    users = USERS if registry else USERS[:4]
    return Beside(siblings, registry, _told_user(siblings, users))


def _told(siblings: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    found = (siblings.get(name, "").strip() for name in names)
    return next((registry_of(host) or None for host in found if _is_host(host)), None)


def _told_user(siblings: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    found = (siblings.get(name, "").strip() for name in names)
    return next(
        (text for text in found if text and not is_placeholder(text) and not _is_made_up(text) and not kind_of(text)),
        None,
    )


def _is_made_up(text: str) -> bool:
    """Whether a part of it is known elsewhere only."""
    return HOLE in text or "{{" in text or "${" in text or "$(" in text


def _is_host(text: str) -> bool:
    host = registry_of(text) if text else ""
    if "." not in host and ":" not in host and host != "localhost":
        return False
    return len(host) < 300 and not _IN_NO_HOST.search(host)


def _by_place(path: tuple[str, ...], around: str, siblings: Mapping[str, str]) -> str | None:
    """`registry_auth { address }`, `registries: ghcr.io:`, `- type: docker-registry` with its `url`."""
    named_so = around in LOGINS or siblings.get("type", "").endswith("-registry")
    if named_so and (found := _told(siblings, IN_LOGINS)):
        return found
    if any(snake(name) in LOGINS or snake(name) in _AROUND_HOSTS for name in path[-3:-1]):
        named = next((name for name in reversed(path[-2:]) if _is_host(name)), None)
        return registry_of(named) if named else _told(siblings, IN_LOGINS)
    return None


def _by_image(around: str, siblings: Mapping[str, str], above: Node | None) -> str | None:
    if around not in _IMAGE_LOGINS:
        return None
    texts = [siblings.get(name, "") for name in IMAGES if around in ("settings", "image")]
    if around != "settings" and above:
        beside = scalars(above)
        texts.append(beside.get("image", ""))
    return next((registry for text in texts if (registry := _registry_of_image(text))), None)


def _registry_of_image(image: str) -> str | None:
    """The registry of `ghcr.io/acme/api:1`; Docker Hub where the image names none."""
    reference = image.strip()
    if not reference or is_placeholder(reference) or " " in reference:
        return None
    host, slash, _ = reference.partition("/")
    if slash and ("." in host or ":" in host or host == "localhost"):
        return registry_of(host) if _is_host(host) else None
    return None if any(char in reference for char in "${}<>" + HOLE) else HUB_CONTAINERS_NAME


def _hub(around: str, above: Node | None) -> bool:
    if around in _HUB_MODULES:
        return True
    return around == "with" and above is not None and scalars(above).get("uses", "").startswith(_HUB_ACTIONS)
