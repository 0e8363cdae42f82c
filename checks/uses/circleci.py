"""CircleCI. Fields: CircleCI's configuration reference, "Using Docker authenticated pulls"."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.commands import script_uses
from checks.uses.references import Held
from checks.uses.registries import implied_registry
from checks.uses.source import Source, first, member, text_at, walk
from checks.uses.updating import circleci_contexts, circleci_variables
from checks.uses.yaml_logins import image_use, login_mapping

KIND = "circleci"


def read(source: Source) -> Iterator[Use]:
    """`auth` and `aws_auth` beside images, logins in commands, and contexts whose name speaks of a registry."""
    update = circleci_variables(source.remote)
    for root in source.yaml:
        for path, node in walk(root):
            if path and path[-1] == "docker" and node.kind == "sequence":
                yield from _images(source, node, path, update)
            elif path and path[-1] == "context" and node.kind in ("scalar", "sequence"):
                yield from _contexts(source, node)
    for use in script_uses(source, KIND, update):
        yield source.with_need(use)


def _images(source: Source, node: Node, path: tuple[str, ...], update: str) -> Iterator[Use]:
    where = f"{path[-3].removesuffix('s')} {path[-2]}" if len(path) > 2 else "this executor"
    for item in node.items:
        image = member(item, "image")
        aws, auth = member(item, "aws_auth"), member(item, "auth")
        if found := login_mapping(source, KIND, f"image login of the {where}", auth, update, image=source.shown(image)):
            yield found
        elif aws:
            key = first(aws, "aws_secret_access_key", "role_arn")
            title = f"ECR login of the {where}"
            yield source.use(KIND, title, key or aws, value=source.held(key), image=source.shown(image), update=update)
        elif not auth and (possible := image_use(source, KIND, f"image of the {where}", image, update=update)):
            yield possible


def _contexts(source: Source, node: Node) -> Iterator[Use]:
    for item in node.items or (node,):
        name = item.text or text_at(item, "name")
        if name and implied_registry(name):
            update = circleci_contexts(source.remote)
            yield source.use(KIND, f"context {name} of a workflow", item, value=Held(name), update=update)
