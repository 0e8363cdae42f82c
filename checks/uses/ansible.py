"""Ansible: modules that log in, and images that they pull. Fields: community.docker, containers.podman."""

from __future__ import annotations

from collections.abc import Iterator

from checks.detect.document_names import snake
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.commands import script_uses
from checks.uses.references import held
from checks.uses.source import Source, first_text, member, walk
from checks.uses.updating import IN_THIS_FILE
from checks.uses.yaml_logins import image_use, login_mapping

KIND = "ansible"
_LOGINS = frozenset({"docker_login", "podman_login", "registry_login"})
_PULLS = frozenset(
    {
        "docker_image",
        "docker_image_pull",
        "docker_image_push",
        "docker_container",
        "docker_swarm_service",
        "podman_image",
        "podman_container",
    }
)
_IMAGES = ("name", "image", "repository")
_VARIABLE = "the variable's value: ansible-vault edit of the file that holds it, or the inventory"
_VAULT = "in this file: ansible-vault encrypt_string, which reads the value from standard input"


def read(source: Source) -> Iterator[Use]:
    """Plays and lists of tasks are sequences; other YAML, a mapping, is none of Ansible's."""
    roots = tuple(root for root in source.yaml if root.kind == "sequence")
    for root in roots:
        for path, node in walk(root):
            module = snake(path[-1]) if path else ""
            if module in _LOGINS:
                yield from _login(source, f"{path[-1]} task", node)
            elif module in _PULLS:
                yield from _images(source, f"image of a {path[-1]} task", node)
    yield from script_uses(source, KIND, IN_THIS_FILE, roots)


def _login(source: Source, title: str, node: Node) -> Iterator[Use]:
    if node.kind == "mapping":
        registry = first_text(node, "registry_url", "registry", "url") or HUB_CONTAINERS_NAME
        password = member(node, "password")
        update = _VAULT if password and password.tag == "!vault" else _VARIABLE
        if found := login_mapping(source, KIND, title, node, update, registry=registry):
            yield found
    elif node.kind == "scalar" and node.text:
        yield _old_form(source, title, node)


def _old_form(source: Source, title: str, node: Node) -> Use:
    """`docker_login: username=bob password={{ x }}`."""
    text = source.shown(node).replace("{{ ", "{{").replace(" }}", "}}")
    fields = dict(part.partition("=")[::2] for part in text.split() if "=" in part)
    return source.use(
        KIND,
        title,
        node,
        registry=fields.get("registry_url") or fields.get("registry") or HUB_CONTAINERS_NAME,
        username=fields.get("username", ""),
        value=held(fields.get("password", "")),
        update=_VARIABLE,
    )


def _images(source: Source, title: str, node: Node) -> Iterator[Use]:
    for one in node.members:
        if one.name in _IMAGES and (found := image_use(source, KIND, title, one.value, update=_VARIABLE)):
            yield found
