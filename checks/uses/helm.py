"""Values of Helm charts. Names: Helm's documentation, "Creating Image Pull Secrets", and the charts of Bitnami."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.kubernetes import pull_secret_uses, pull_secrets
from checks.uses.references import Held
from checks.uses.registries import needs_login
from checks.uses.source import Source, first, first_text, walk
from checks.uses.updating import IN_THIS_FILE
from checks.uses.yaml_logins import auth_document_uses, image_use, login_mapping

KIND = "helm"
_LOGINS = frozenset(
    {
        "imageCredentials",
        "registryCredentials",
        "dockerCredentials",
        "imagePullSecret",
        "pullSecret",
        "dockerRegistry",
        "registry",
        "containerRegistry",
        "registryCreds",
        "imageRegistry",
    }
)


def read(source: Source) -> Iterator[Use]:
    for root in source.yaml:
        images = list(_images(source, root))
        for node in pull_secrets(root):
            yield from pull_secret_uses(source, KIND, "these values", node, [text for _, text in images], "")
        for path, node in walk(root):
            name = path[-1] if path else ""
            if name in _LOGINS and node.kind == "mapping" and first(node, "password"):
                found = login_mapping(source, KIND, f"{name} of these values", node, IN_THIS_FILE)
                if found:
                    yield found
            elif name in ("dockerconfigjson", ".dockerconfigjson", "dockerConfigJson") and node.text:
                yield from auth_document_uses(
                    source, KIND, f"{name} of these values", node.text, node.line, IN_THIS_FILE
                )
            elif name == "existingSecret" and len(path) > 1 and path[-2] in _LOGINS and node.text:
                yield source.use(KIND, f"existingSecret of {path[-2]}", node, value=Held(node.text))
        for image, text in images:
            use = source.use(KIND, "image of these values", image, image=text, update="wherever this host logs in")
            if needs_login(use.registry) and not use.implied:
                yield use


def _images(source: Source, root: Node) -> Iterator[tuple[Node, str]]:
    """Images with what they are called in full: `registry` and `repository` stand beside each other."""
    for path, node in walk(root):
        name = path[-1] if path else ""
        if node.kind == "mapping" and (repository := first(node, "repository")):
            registry = first_text(node, "registry")
            yield repository, f"{registry}/{repository.text}" if registry else source.shown(repository)
        elif name == "image" and node.kind == "scalar" and image_use(source, KIND, "", node):
            yield node, source.shown(node)
