"""GitLab CI and its runners.

Fields: GitLab's CI/CD YAML syntax; "Access an image from a private container registry".
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.toml_positions import values
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.commands import script_uses
from checks.uses.references import Held, has_reference, held, reference_in
from checks.uses.registries import implied_registry
from checks.uses.source import Source, member, text_at, walk
from checks.uses.updating import IN_THIS_FILE, gitlab_variables
from checks.uses.yaml_logins import auth_document_uses, image_uses

KIND = "gitlab-ci"
RUNNER = "gitlab-runner"
_AUTH = "DOCKER_AUTH_CONFIG"
_OWN = ("CI_REGISTRY_PASSWORD", "CI_DEPLOY_PASSWORD")
"""GitLab makes these itself, unless somebody has set them: the title says it."""


def read(source: Source) -> Iterator[Use]:
    update = gitlab_variables(source.remote)
    if any(root.kind != "mapping" or member(root, "apiVersion") for root in source.yaml):
        return  # a folder called ci holds other things too
    for root in source.yaml:
        for path, node in walk(root):
            if path and path[-1] == "variables" and node.kind == "mapping":
                yield from _variables(source, node, update)
    for use in script_uses(source, KIND, update):
        yield source.with_need(use)
    yield from image_uses(source, KIND, "image of a job", source.yaml, ("image", "name", "services"))


def _variables(source: Source, node: Node, update: str) -> Iterator[Use]:
    for one in node.members:
        value = one.value if one.value.kind == "scalar" else member(one.value, "value")
        if not value or value.kind != "scalar" or not value.text:
            continue
        title = f"variable {one.name}"
        if one.name == _AUTH:
            yield from _auth_config(source, KIND, title, value.text, value.line, update)
        elif implied_registry(one.name) or implied_registry(reference_in(value.text)):
            what = source.held(value)
            if what.known and not what.automatic:
                name = what if what.secret or what.name in _OWN else Held(what.name or one.name)
                registry = text_at(node, "CI_REGISTRY") or text_at(node, "DOCKER_REGISTRY")
                yield source.use(KIND, title, value, registry=registry, value=name, update=update, hint=one.name)


def read_runner(source: Source) -> Iterator[Use]:
    """`config.toml`: the environment of the runner, images, and pull secrets of its Kubernetes executor."""
    for one in values(source.text):
        name, text, line = one.path[-1], one.value.text, one.value.line
        if name == "environment" and text.startswith(f"{_AUTH}="):
            title = f"environment of a runner, {_AUTH}"
            yield from _auth_config(source, RUNNER, title, text.partition("=")[2], line, IN_THIS_FILE)
        elif name == "environment" and implied_registry(text.partition("=")[0]):
            variable, _, value = text.partition("=")
            yield source.use(
                RUNNER,
                f"environment of a runner, {variable}",
                line,
                value=_or_name(held(value), variable),
                hint=variable,
            )
        elif name == "image_pull_secrets" and text:
            yield source.use(RUNNER, "image_pull_secrets of a runner", line, value=Held(text))


def _auth_config(source: Source, kind: str, title: str, text: str, line: int, update: str) -> Iterator[Use]:
    if not text.lstrip().startswith("{") and has_reference(text):
        yield source.use(kind, title, line, value=Held(reference_in(text)), update=update)
        return
    yield from auth_document_uses(source, kind, title, text, line, update)


def _or_name(value: Held, name: str) -> Held:
    return value if value.known else Held(name)
