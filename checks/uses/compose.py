"""Compose files and what runs beside their services: Watchtower, Portainer, a mounted config.json; and .env files.

Compose has no logins of its own. Fields: compose-spec; containrrr.dev/watchtower/private-registries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.detect.registry_variables import registry_variable
from checks.formats.dotenv import read_dotenv
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.commands import script_uses
from checks.uses.references import Held, held
from checks.uses.registries import implied_registry
from checks.uses.source import Source, member, text_at
from checks.uses.updating import IN_THIS_FILE
from checks.uses.yaml_logins import image_use

KIND, WATCHTOWER, ENVIRONMENT = "compose", "watchtower", "environment-file"
_CONFIG = late.compile(r"(?:\.docker/config|/config)\.json\Z|/\.docker/?\Z")
_REPO = ("REPO_PASS", "REPO_PASSWORD")
_HOST_LOGIN = "docker login on the host that runs it, then docker compose up -d"
_RESTART = "docker login on the host, then restart the container: a mounted file that was replaced is not seen by it"


def read(source: Source) -> Iterator[Use]:
    for root in source.yaml:
        services = member(root, "services")
        for one in services.members if services else ():
            yield from _service(source, one.name, one.value)
        secrets = member(root, "secrets")
        for one in secrets.members if secrets else ():
            file = member(one.value, "file")
            if file and (_CONFIG.search(file.text) or implied_registry(one.name)):
                yield source.use(
                    KIND, f"secret {one.name} from a file", file, value=Held(one.name), update=f"the file {file.text}"
                )
    yield from script_uses(source, KIND, IN_THIS_FILE)


def _service(source: Source, name: str, node: Node) -> Iterator[Use]:
    image = member(node, "image")
    text = text_at(node, "image")
    kind = WATCHTOWER if "watchtower" in text else KIND
    built = bool(member(node, "build"))
    if found := image_use(source, kind, f"image of the service {name}", image, update=_HOST_LOGIN, pushes=built):
        yield found
    values = dict(_environment(node))
    for variable, (held_text, place) in values.items():
        if variable in _REPO or (implied_registry(variable) and kind == KIND):
            value = held(held_text)
            user = values.get("REPO_USER", ("", place))[0] if variable in _REPO else ""
            yield source.use(
                kind,
                f"{variable} of the service {name}",
                place,
                username=user,
                value=value if value.known else Held(variable),
                hint=variable,
                update=f"the variable {value.name or variable} in the environment or .env file of this folder",
            )
    for place, path in _mounted(node):
        if _CONFIG.search(path):
            yield source.use(
                kind, f"config.json mounted into the service {name}", place, value=Held(path), update=_RESTART
            )


def _environment(node: Node) -> Iterator[tuple[str, tuple[str, Node]]]:
    found = member(node, "environment")
    for one in found.members if found else ():
        if one.value.kind == "scalar":
            yield one.name, (one.value.text, one.value)
    for item in found.items if found else ():
        name, _, text = item.text.partition("=")
        if name:
            yield name, (text, item)


def _mounted(node: Node) -> Iterator[tuple[Node, str]]:
    """What of the host is mounted: `SOURCE:TARGET:ro`, or a mapping with `source`."""
    volumes = member(node, "volumes")
    for item in volumes.items if volumes else ():
        if item.kind == "scalar":
            yield item, re.split(r":(?=[/.~$])|:r[ow]\b", item.text[:1000])[0]
        elif place := member(item, "source"):
            yield place, place.text


def read_environment(source: Source) -> Iterator[Use]:
    """Variables of an `.env` file whose names say that they hold a registry's password."""
    assignments = list(read_dotenv(source.text))
    values = {one.name: one.value for one in assignments}
    for one in assignments:
        told = registry_variable(one.name, one.value, values)
        if one.name in _REPO or (told and not told.encoded):
            value = Held(one.name, held(one.value).secret) if one.literal or held(one.value).secret else held(one.value)
            user = (told.username if told else values.get("REPO_USER")) or ""
            registry = (told.registry if told else None) or ""
            line = source.lines.at(one.start)[0]
            title = f"variable {one.name}"
            yield source.use(ENVIRONMENT, title, line, registry=registry, username=user, value=value)
