"""Logins in YAML, JSON and HCL: a mapping with user and password, and images of registries that may want one."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.docker_auth import AuthFile, read_auth_file
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.references import Held, expand, has_reference
from checks.uses.registries import needs_login, split_image
from checks.uses.source import Source, first, first_text, walk

PASSWORDS = ("password", "token", "registry_password", "docker_password", "pass", "auth_token")
USERS = ("username", "user", "registry_username", "docker_username", "login")
REGISTRIES = (
    "registry",
    "server",
    "server_address",
    "serveraddress",
    "registry_url",
    "login_server",
    "url",
    "address",
    "host",
    "registry_host",
    "endpoint",
)


def login_mapping(
    source: Source, kind: str, title: str, node: Node | None, update: str, *, registry: str = "", image: str = ""
) -> Use | None:
    """The login that a mapping with a password is; None where it has none, or one that each run is given anew."""
    password = first(node, *PASSWORDS)
    if not node or not password:
        return None
    value = source.held(password)
    if value.automatic:
        return None
    named = registry or first_text(node, *REGISTRIES)
    if not named and not image:
        named = HUB_CONTAINERS_NAME
    return source.use(
        kind,
        title,
        password,
        registry=named,
        username=source.shown(first(node, *USERS)),
        value=value,
        image=image,
        update=update,
    )


def image_use(
    source: Source, kind: str, title: str, node: Node | None, *, update: str = "", pushes: bool = False
) -> Use | None:
    """An image of a registry that is neither Docker Hub nor open to everybody: a possible use, by its host alone."""
    text = expand(source.shown(node), source.variables) if node else ""
    registry, _ = split_image(text) if text else (None, None)
    if not node or not needs_login(registry):
        return None
    return source.use(kind, title, node, image=text, pushes=pushes, update=update or "wherever this host logs in")


def image_uses(
    source: Source, kind: str, what: str, roots: tuple[Node, ...], names: tuple[str, ...] = ("image",)
) -> Iterator[Use]:
    """All such images in the members of these names."""
    for root in roots:
        for path, node in walk(root):
            if path and path[-1] in names and node.kind == "scalar":
                use = image_use(source, kind, what, node)
                if use:
                    yield use


def auth_document_uses(
    source: Source, kind: str, title: str, text: str, line: int, update: str, *, flat: bool = False, name: str = ""
) -> Iterator[Use]:
    """The logins of docker's file that is written within another one."""
    auth_file: AuthFile = read_auth_file(text.encode("utf-8", "surrogatepass"), flat=flat)
    for entry in auth_file.entries[:100]:
        secret = entry.password or entry.identity_token
        written = "" if secret and has_reference(entry.key) else entry.key
        yield source.use(
            kind, title, line, registry=written, username=entry.username, value=Held(name, secret), update=update
        )
