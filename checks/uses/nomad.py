"""Nomad: `auth` of tasks, and of the docker plugin of its clients. Fields: developer.hashicorp.com, docker driver."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.references import Held
from checks.uses.source import Source, first, first_text, member, text_at, walk
from checks.uses.updating import IN_THIS_FILE
from checks.uses.yaml_logins import image_use, login_mapping

KIND = "nomad"
_VARIABLE = "the variable's value where the job is started (-var, a variables file, or Vault)"


def read(source: Source) -> Iterator[Use]:
    for root in source.hcl:
        for path, node in walk(root):
            if not path or path[-1] != "config" or node.kind != "mapping":
                continue
            auth, image = member(node, "auth"), member(node, "image")
            task = next((path[index + 1] for index in range(len(path) - 1) if path[index] == "task"), "")
            if auth and image:
                yield from _task(source, node, auth, image, f"of the task {task}")
            elif image and (found := image_use(source, KIND, f"image of the task {task}", image, update=_VARIABLE)):
                yield found
            elif auth:
                yield from _plugin(source, auth)


def _task(source: Source, node: Node, auth: Node, image: Node, where: str) -> Iterator[Use]:
    registry = first_text(auth, "server_address")
    found = login_mapping(
        source, KIND, f"auth {where}", auth, _VARIABLE, registry=registry, image=text_at(node, "image")
    )
    if found:
        yield found
    elif possible := image_use(source, KIND, f"image {where}", image, update=_VARIABLE):
        yield possible


def _plugin(source: Source, auth: Node) -> Iterator[Use]:
    """The client's own login: a file in docker's form, or a helper."""
    for name in ("config", "helper"):
        if place := first(auth, name):
            what = "file" if name == "config" else "credential helper"
            update = f"the {what} {place.text} on each client" if place.text else IN_THIS_FILE
            yield source.use(KIND, f"{what} of the docker plugin", place, value=Held(place.text), update=update)
