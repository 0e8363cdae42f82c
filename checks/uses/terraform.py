"""Terraform and OpenTofu: the docker provider's logins, pull secrets that are made here, task definitions, state files.

Fields: the docs of the providers kreuzwerker/docker, hashicorp/kubernetes, hashicorp/aws and hashicorp/azurerm.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.detect.kubernetes_secrets import is_secret
from checks.formats.hcl import EXPRESSION
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.references import Held, held
from checks.uses.registries import implied_registry
from checks.uses.source import Source, at, first, first_text, member, text_at, walk
from checks.uses.updating import IN_THIS_FILE, kubernetes_pull_secret
from checks.uses.yaml_logins import auth_document_uses, login_mapping

KIND = "terraform"
_SECRETS = ("kubernetes_secret", "kubernetes_secret_v1")
_SETTINGS = ("DOCKER_REGISTRY_SERVER_PASSWORD", "docker_registry_password")
_AUTH_KEYS = (".dockerconfigjson", ".dockercfg")


def read(source: Source) -> Iterator[Use]:
    for root in source.hcl:
        seen: set[int] = set()
        for path, node in walk(root):
            if path and path[-1] == "registry_auth" and node.kind == "mapping":
                yield from _registry_auth(source, node)
            elif path[:1] == ("resource",) and len(path) == 3 and path[1] in _SECRETS:
                yield from _pull_secret(source, node, path[2])
            elif path and path[-1] in _SETTINGS and node.kind == "scalar":
                yield from _setting(source, path[-1], node, seen)
            elif node.kind == "mapping" and path and path[-1] in ("repositoryCredentials", "repository_credentials"):
                yield from _task_credentials(source, node)
            elif len(path) == 2 and path[0] == "variable" and implied_registry(path[1]):
                place = member(node, "default") or node
                value = source.held(place) if place is not node else Held()
                title = f"variable {path[1]}"
                yield source.use(KIND, title, place, value=value if value.secret else Held(path[1]), update=_VARIABLES)
        if source.path.endswith(".tfvars"):
            yield from _values(source, root)


_VARIABLES = "where the variable is given: a .tfvars file, TF_VAR_..., or the workspace's variables"


def _registry_auth(source: Source, node: Node) -> Iterator[Use]:
    """`address` with `password`, `config_file`, or the whole file as a text; without any, the machine's own login."""
    address = first(node, "address")
    registry = address.text if address and address.tag != EXPRESSION else ""
    title = "registry_auth of the docker provider"
    if found := login_mapping(source, KIND, title, node, _VARIABLES, registry=registry):
        yield found
        return
    place = first(node, "config_file_content", "config_file") or address or node
    if place.text.lstrip().startswith("{"):
        yield from auth_document_uses(source, KIND, title, place.text, place.line, IN_THIS_FILE)
        return
    named = place is not address and place is not node
    update = f"the file {place.text}" if named else "docker login on the machine that runs it"
    yield source.use(KIND, title, place, registry=registry, value=Held(place.text if named else ""), update=update)


def _pull_secret(source: Source, node: Node, label: str) -> Iterator[Use]:
    if not text_at(node, "type").startswith("kubernetes.io/dockerc") and not is_secret(node):
        keys = [one.name for one in (member(node, "data") or node).members]
        if not any(key in _AUTH_KEYS for key in keys):
            return
    name = text_at(node, "metadata", "name") or label
    place = at(node, "metadata", "name") or node
    auths = next((inner for path, inner in walk(node) if path and path[-1] == "auths"), None)
    entries = auths.members if auths else ()
    for one in entries:
        password = first(one.value, "password", "auth")
        yield source.use(
            KIND,
            f"pull secret {name}",
            password or place,
            registry=one.name,
            username=first_text(one.value, "username"),
            value=Held(name, source.held(password).secret),
            update=_VARIABLES,
        )
    if not entries:
        yield source.use(KIND, f"pull secret {name}", place, value=Held(name), update=kubernetes_pull_secret(name))


def _setting(source: Source, name: str, node: Node, seen: set[int]) -> Iterator[Use]:
    """App Service is given registry, user and password as settings that stand side by side."""
    if id(node) in seen:
        return
    seen.add(id(node))
    beside = next(
        (held_node for _, held_node in walk(source.hcl[0]) if any(one.value is node for one in held_node.members)), None
    )
    registry = first_text(beside, "DOCKER_REGISTRY_SERVER_URL", "docker_registry_url")
    user = first_text(beside, "DOCKER_REGISTRY_SERVER_USERNAME", "docker_registry_username")
    yield source.use(
        "app-service", name, node, registry=registry, username=user, value=source.held(node), update=_VARIABLES
    )


def _task_credentials(source: Source, node: Node) -> Iterator[Use]:
    parameter = first(node, "credentialsParameter")
    if parameter:
        update = "the secret's value in AWS Secrets Manager, then a new deployment of the service"
        yield source.use(
            "ecs", "repositoryCredentials of a task definition", parameter, value=Held(parameter.text), update=update
        )


def _values(source: Source, root: Node) -> Iterator[Use]:
    for one in root.members:
        if one.value.kind == "scalar" and one.value.text and implied_registry(one.name):
            yield source.use(KIND, f"value of {one.name}", one.value, value=Held(one.name, held(one.value.text).secret))


def read_state(source: Source) -> Iterator[Use]:
    """The state holds values in clear: pull secrets among them."""
    for root in source.json:
        for path, node in walk(root):
            if path and path[-1] in _AUTH_KEYS and node.kind == "scalar" and node.text:
                title = "pull secret in the state"
                flat = path[-1] == ".dockercfg"
                update = "terraform apply, after the variable was changed"
                yield from auth_document_uses(source, "terraform-state", title, node.text, node.line, update, flat=flat)
            elif path and path[-1] == "registry_auth":
                for item in node.items or (node,):
                    if found := login_mapping(
                        source, "terraform-state", "registry_auth in the state", item, IN_THIS_FILE
                    ):
                        yield found
