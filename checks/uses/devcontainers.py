"""Dev containers: what of the host's logins they are given. Fields: containers.dev/implementors/json_reference."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.commands import login_use, logins
from checks.uses.references import Held, held
from checks.uses.registries import implied_registry
from checks.uses.source import Source, member
from checks.uses.updating import IN_THIS_FILE
from checks.uses.yaml_logins import image_use

_MOUNT = late.compile(r"\.docker/config\.json|\.docker(?:,|\b(?!/))|containers/auth\.json")
_COMMANDS = ("postCreateCommand", "postStartCommand", "initializeCommand", "onCreateCommand", "updateContentCommand")


def read(source: Source) -> Iterator[Use]:
    kind = "devcontainer"
    for root in source.json:
        if found := image_use(source, kind, "image of the dev container", member(root, "image")):
            yield found
        mounts = member(root, "mounts")
        for item in mounts.items if mounts else ():
            place = member(item, "source") or item
            if _MOUNT.search(place.text):
                yield source.use(
                    kind,
                    "config.json mounted into the dev container",
                    place,
                    value=Held(_of_mount(place.text)),
                    update="docker login on the host, then rebuild the container",
                )
        for name in ("remoteEnv", "containerEnv"):
            yield from _environment(source, kind, name, member(root, name))
        for name in _COMMANDS:
            yield from _command(source, kind, name, member(root, name))


def _of_mount(text: str) -> str:
    match = re.search(r"source=([^,]{1,300})", text)
    return match[1] if match else text


def _environment(source: Source, kind: str, holder: str, node: Node | None) -> Iterator[Use]:
    for one in node.members if node else ():
        if one.value.kind == "scalar" and implied_registry(one.name):
            local = re.fullmatch(r"\$\{(?:localEnv|env):(\w{1,100})[^}]{0,100}\}", one.value.text)
            value = Held(local[1]) if local else held(one.value.text)
            yield source.use(
                kind,
                f"{holder} {one.name}",
                one.value,
                value=value if value.known else Held(one.name),
                update="the variable on the host",
                hint=one.name,
            )


def _command(source: Source, kind: str, name: str, node: Node | None) -> Iterator[Use]:
    for one in (node, *(held_node.value for held_node in (node.members if node else ()))):
        if one and one.kind == "scalar":
            for login in logins(one.text):
                yield login_use(source, kind, login, one.line, IN_THIS_FILE)
