"""Drone and Woodpecker. Fields: docs.drone.io/pipeline, woodpecker-ci.org/docs/usage/workflow-syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.commands import script_uses
from checks.uses.references import Held
from checks.uses.registries import implied_registry
from checks.uses.source import Source, first_text, member, text_at, walk
from checks.uses.updating import drone_secrets, woodpecker_secrets
from checks.uses.yaml_logins import image_use

_PASSWORDS = ("password", "token", "registry_token")
_PUBLISHES = late.compile(r"docker|kaniko|buildx|ecr|gcr|acr|registry", re.IGNORECASE)


def read_drone(source: Source) -> Iterator[Use]:
    return _read(source, "drone", drone_secrets(source.remote))


def read_woodpecker(source: Source) -> Iterator[Use]:
    return _read(source, "woodpecker", woodpecker_secrets(source.remote))


def _read(source: Source, kind: str, update: str) -> Iterator[Use]:
    for root in source.yaml:
        for item in _items(root, "image_pull_secrets"):
            if item.text:
                yield source.use(kind, "image_pull_secrets", item, value=Held(item.text), update=update)
        for _, node in walk(root):
            if node.kind == "mapping" and text_at(node, "image"):
                yield from _step(source, kind, update, node)
    for use in script_uses(source, kind, update):
        yield source.with_need(use)


def _step(source: Source, kind: str, update: str, node: Node) -> Iterator[Use]:
    image = text_at(node, "image")
    name = text_at(node, "name") or image
    settings = member(node, "settings")
    password = next((found for name in _PASSWORDS if (found := member(settings, name))), None)
    if password and _PUBLISHES.search(image):
        repository = first_text(settings, "repo", "repository")
        yield source.with_need(
            source.use(
                kind,
                f"plugin {image} in the step {name}",
                member(password, "from_secret") or password,
                registry=first_text(settings, "registry"),
                username=first_text(settings, "username"),
                value=_value(source, password),
                image=_image(first_text(settings, "registry"), repository),
                pushes=True,
                update=update,
            )
        )
    elif possible := image_use(source, kind, f"image of the step {name}", member(node, "image"), update=update):
        yield possible
    for holder in ("environment", "secrets"):
        yield from _environment(source, kind, update, name, member(node, holder))


def _environment(source: Source, kind: str, update: str, step: str, node: Node | None) -> Iterator[Use]:
    for one in node.members if node else ():
        if implied_registry(one.name) or implied_registry(text_at(one.value, "from_secret")):
            value = _value(source, one.value)
            if value.known:
                yield source.use(
                    kind, f"{one.name} of the step {step}", one.value, value=value, update=update, hint=one.name
                )
    for item in node.items if node else ():
        named = item.text or text_at(item, "source")
        if named and implied_registry(named):
            yield source.use(kind, f"secret of the step {step}", item, value=Held(named), update=update)


def _value(source: Source, node: Node) -> Held:
    """What `from_secret` names, else the value."""
    named = text_at(node, "from_secret")
    return Held(named) if named else source.held(node)


def _image(registry: str, repository: str) -> str:
    if not repository or not registry or repository.startswith(f"{registry}/"):
        return repository
    return f"{registry}/{repository}"


def _items(node: Node | None, name: str) -> tuple[Node, ...]:
    found = member(node, name)
    return found.items if found else ()
