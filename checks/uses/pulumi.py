"""Pulumi: `docker:registryAuth` in a stack's configuration. Fields: the docker provider's configuration options."""

from __future__ import annotations

from collections.abc import Iterator

from checks import late
from checks.formats.json_nodes import parse_json
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.references import Held
from checks.uses.registries import implied_registry
from checks.uses.source import Source, first, first_text, member
from checks.uses.updating import IN_THIS_FILE
from checks.uses.yaml_logins import login_mapping

KIND = "pulumi"
_STACK = late.compile(r"Pulumi\.(?P<stack>[\w.-]{1,100})\.ya?ml\Z")


def read(source: Source) -> Iterator[Use]:
    for root in source.yaml:
        config = member(root, "config")
        for one in config.members if config else ():
            if one.name.endswith(":registryAuth"):
                yield from _logins(source, one.value)
            elif implied_registry(one.name.rpartition(":")[2]):
                secret = member(one.value, "secure")
                value = Held(one.name) if secret else source.held(one.value)
                if value.known:
                    place = secret or one.value
                    yield source.use(
                        KIND,
                        f"configuration {one.name}",
                        place,
                        value=value,
                        update=_command(source, one.name),
                        hint=one.name,
                    )


def _logins(source: Source, node: Node) -> Iterator[Use]:
    """A list of logins, or the same as JSON in a text; a password may be `{secure: ...}`."""
    documents = parse_json(node.text).documents if node.kind == "scalar" else (node,)
    for document in documents:
        for item in document.items or ((document,) if document.kind == "mapping" else ()):
            password, address = member(item, "password"), first_text(item, "address")
            title = "registryAuth of the docker provider"
            update = _command(source, "docker:registryAuth")
            if password and (secure := member(password, "secure")):
                user = first_text(item, "username")
                yield source.use(
                    KIND, title, secure, registry=address, username=user, value=Held("password"), update=update
                )
            elif node.kind == "scalar":
                inner = first(item, "password")
                value = source.held(inner)
                user = first_text(item, "username")
                yield source.use(KIND, title, node, registry=address, username=user, value=value, update=update)
            elif found := login_mapping(source, KIND, title, item, update):
                yield found


def _command(source: Source, key: str) -> str:
    match = _STACK.search(source.path)
    stack = f" --stack {match['stack']}" if match else ""
    return (
        f"pulumi config set --secret{stack} {key}, which asks for the value"
        if key.replace(":", "").isalnum()
        else IN_THIS_FILE
    )
