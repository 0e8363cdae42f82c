"""Kubernetes: pull secrets, who names them, and what stands for them in a repository.

Fields: Kubernetes API reference (PodSpec, ServiceAccount, Secret); bitnami-labs/sealed-secrets; external-secrets.io.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Located, decoded
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses import gitops
from checks.uses.commands import script_uses
from checks.uses.references import Held, expand
from checks.uses.registries import needs_login, split_image
from checks.uses.source import Source, at, member, text_at, walk
from checks.uses.updating import IN_THIS_FILE, kubernetes_pull_secret, sealed_secret
from checks.uses.yaml_logins import auth_document_uses, image_use

KIND = "kubernetes"
_AUTH_KEYS = {".dockerconfigjson": False, ".dockercfg": True}
_TYPES = ("kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg")
_SEALED = frozenset({"SealedSecret", "ExternalSecret", "ClusterExternalSecret", "PushSecret", "VaultStaticSecret"})
_NO_PODS = frozenset({"Secret", "ConfigMap", *_SEALED, *gitops.FLUX_KINDS})
_PULL = ("imagePullSecrets", "image_pull_secrets", "pullSecrets")
_KANIKO = ("/kaniko/.docker", "/.docker", "/root/.docker", "/home/user/.docker")
_MOST_REGISTRIES = 5


def read(source: Source) -> Iterator[Use]:
    for document in source.yaml:
        for resource in _resources(document):
            yield from _resource(source, resource)


def _resources(document: Node) -> Iterator[Node]:
    """The document, or the items of a List."""
    if text_at(document, "kind").endswith("List") and (items := member(document, "items")):
        yield from items.items
    elif document.kind == "mapping" and text_at(document, "kind") and text_at(document, "apiVersion"):
        yield document


def _resource(source: Source, resource: Node) -> Iterator[Use]:
    kind, name = text_at(resource, "kind"), source.shown(at(resource, "metadata", "name"))
    namespace = source.shown(at(resource, "metadata", "namespace"))
    if kind == "Secret":
        yield from _secret(source, resource, name, namespace)
    elif kind in _SEALED:
        yield from _sealed(source, resource, kind, name, namespace)
    yield from gitops.resource_uses(source, resource, kind, name, namespace)
    if kind not in _NO_PODS and not text_at(resource, "apiVersion").startswith("skaffold"):
        yield from _consumer(source, resource, f"{kind} {name}", namespace)


def _secret(source: Source, resource: Node, name: str, namespace: str) -> Iterator[Use]:
    update = kubernetes_pull_secret(name, namespace)
    found = False
    for field in ("data", "stringData"):
        holder = member(resource, field)
        for one in holder.members if holder else ():
            if one.name not in _AUTH_KEYS or one.value.kind != "scalar":
                continue
            text = one.value.text
            if field == "data":
                text = decoded(Located("".join(text.split()), 0, 0, 0)) or ""
            title = f"pull secret {name}"
            flat = _AUTH_KEYS[one.name]
            for use in auth_document_uses(source, KIND, title, text, one.value.line, update, flat=flat, name=name):
                found = True
                yield use
    if not found and text_at(resource, "type") in _TYPES:
        place = member(resource, "type") or resource
        yield source.use(KIND, f"pull secret {name}", place, value=Held(name), update=update)


def _sealed(source: Source, resource: Node, kind: str, name: str, namespace: str) -> Iterator[Use]:
    """Of which only the cluster, or the store behind, knows the value: told where it becomes a pull secret."""
    told = any(
        (node.kind == "scalar" and node.text in _TYPES) or (path and path[-1] in _AUTH_KEYS)
        for path, node in walk(resource)
    )
    if told:
        target = source.shown(at(resource, "spec", "target", "name")) or name
        place = at(resource, "metadata", "name") or resource
        remote = next((node.text for path, node in walk(resource) if path[-2:] == ("remoteRef", "key")), "")
        behind = f"the value of {remote or 'its key'} in the store that it names"
        update = sealed_secret(target, namespace) if kind == "SealedSecret" else behind
        yield source.use(KIND, f"{kind} {name}", place, value=Held(target), update=update)


def _consumer(source: Source, resource: Node, what: str, namespace: str) -> Iterator[Use]:
    """Whoever pulls by a secret's name; images of registries that may want a login; kaniko's mounts."""
    images = [node for path, node in walk(resource) if path and path[-1] == "image" and node.kind == "scalar"]
    named = list(pull_secrets(resource))
    texts = [expand(source.shown(image), source.variables) for image in images]
    for node in named:
        yield from pull_secret_uses(source, KIND, what, node, texts, namespace)
    covered = {split_image(text)[0] for text in texts} if named else set()
    for image in images:
        possible = image_use(source, KIND, f"image of {what}", image, update=kubernetes_pull_secret("", namespace))
        if possible and possible.registry not in covered:
            yield possible
    yield from script_uses(source, KIND, IN_THIS_FILE, (resource,))
    yield from _mounts(source, resource, what, namespace)


def pull_secrets(root: Node) -> Iterator[Node]:
    """The scalars that name pull secrets: `- name: regcred`, and `- regcred` of charts."""
    for path, node in walk(root):
        if path and path[-1] in _PULL and node.kind in ("sequence", "scalar"):
            for item in node.items or (node,):
                name = member(item, "name") if item.kind == "mapping" else item
                if name and name.kind == "scalar" and name.text:
                    yield name


def pull_secret_uses(
    source: Source, kind: str, what: str, node: Node, images: list[str], namespace: str
) -> Iterator[Use]:
    """One use for each registry of the images that need a login; Docker Hub where they all come from there."""
    name = source.shown(node)
    by_registry: dict[str | None, str] = {}
    for text in images:
        by_registry.setdefault(split_image(text)[0], text)
    private = [text for registry, text in by_registry.items() if needs_login(registry)][:_MOST_REGISTRIES]
    hub = [text for text in images if split_image(text)[0] == HUB_CONTAINERS_NAME and "/" in text]
    for image in private or hub[:1] or [""]:
        yield source.use(
            kind,
            f"imagePullSecrets of {what}",
            node,
            value=Held(name),
            image=image,
            update=kubernetes_pull_secret(name if "{" not in name else "", namespace),
        )


def _mounts(source: Source, resource: Node, what: str, namespace: str) -> Iterator[Use]:
    """Secrets that are mounted where docker's file is read: kaniko and BuildKit in the cluster."""
    mounted = {
        text_at(node, "name")
        for path, node in walk(resource)
        if path and path[-1] == "volumeMounts" and text_at(node, "mountPath").rstrip("/").endswith(_KANIKO)
    }
    if not mounted:
        return
    destination = next(
        (node.text.partition("=")[2] for path, node in walk(resource) if node.text.startswith("--destination=")), ""
    )
    for path, node in walk(resource):
        if path and path[-1] == "volumes" and text_at(node, "name") in mounted:
            name = at(node, "secret", "secretName")
            sources = at(node, "projected", "sources")
            for one in (name, *(at(item, "secret", "name") for item in (sources.items if sources else ()))):
                if one and one.kind == "scalar":
                    update = kubernetes_pull_secret(one.text, namespace)
                    yield source.use(
                        "kaniko",
                        f"docker's file for a build in {what}",
                        one,
                        value=Held(one.text),
                        image=destination,
                        pushes=bool(destination),
                        update=update,
                    )
