"""Argo CD, its image updater, and Flux.

Fields: argocd-image-updater's configuration of registries and annotations; Argo CD's declarative repositories;
fluxcd.io, ImageRepository, HelmRepository and OCIRepository.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Located, decoded
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.formats.yaml_positions import Node, parse
from checks.model.use import Use
from checks.uses.references import Held, held
from checks.uses.source import Source, at, member, text_at
from checks.uses.updating import kubernetes_pull_secret, kubernetes_secret

UPDATER, ARGO, FLUX = "argocd-image-updater", "argocd", "flux"
FLUX_KINDS = frozenset({"ImageRepository", "OCIRepository", "HelmRepository", "HelmChart", "ImageUpdateAutomation"})
_PULL = ("pull-secret", "pullsecret")


def resource_uses(source: Source, resource: Node, kind: str, name: str, namespace: str) -> Iterator[Use]:
    if kind == "ConfigMap":
        yield from _updater_registries(source, resource)
    elif kind == "Secret":
        yield from _argo_repository(source, resource, name, namespace)
    elif kind in FLUX_KINDS:
        yield from _flux(source, resource, kind, name, namespace)
    annotations = at(resource, "metadata", "annotations")
    for one in annotations.members if annotations else ():
        if one.name.startswith("argocd-image-updater.") and one.name.endswith(_PULL):
            images = text_at(annotations, f"{one.name.partition('/')[0]}/image-list")
            image = images.split(",")[0].rpartition("=")[2].strip()
            yield _credentials(source, one.value.line, one.value.text, f"annotation of {kind} {name}", "", image)


def _updater_registries(source: Source, resource: Node) -> Iterator[Use]:
    """`registries.conf` is a YAML text within the ConfigMap."""
    node = at(resource, "data", "registries.conf")
    if not node or node.kind != "scalar":
        return
    for document in parse(node.text).documents:
        listed = member(document, "registries")
        for item in listed.items if listed else ():
            credentials = member(item, "credentials")
            if credentials and credentials.text:
                line = source.line_within(node, credentials.start)
                registry = text_at(item, "prefix") or text_at(item, "api_url")
                title = f"registry {text_at(item, 'name') or registry} of the image updater"
                yield _credentials(source, line, credentials.text, title, registry, "")


def _credentials(source: Source, line: int, text: str, title: str, registry: str, image: str) -> Use:
    """`pullsecret:ns/name`, `secret:ns/name#key`, `env:VARIABLE`, `ext:script`."""
    way, _, named = text.partition(":")
    namespace, slash, name = named.partition("#")[0].partition("/")
    if way in ("pullsecret", "secret") or (not named and "/" in text):
        namespace, name = (namespace, name) if slash else ("", namespace)
        if not named:
            namespace, _, name = text.partition("/")
        make = kubernetes_secret if way == "secret" else kubernetes_pull_secret
        return source.use(
            UPDATER, title, line, registry=registry, value=Held(name), image=image, update=make(name, namespace)
        )
    where = f"the variable {named} of the image updater's Deployment" if way == "env" else f"the script {named}"
    return source.use(UPDATER, title, line, registry=registry, value=Held(named or text), image=image, update=where)


def _argo_repository(source: Source, resource: Node, name: str, namespace: str) -> Iterator[Use]:
    """A Secret with the label of a repository: an OCI registry for charts, with user and password."""
    labels = at(resource, "metadata", "labels")
    if text_at(labels, "argocd.argoproj.io/secret-type") not in ("repository", "repo-creds"):
        return
    fields: dict[str, tuple[str, Node]] = {}
    for holder in ("data", "stringData"):
        values = member(resource, holder)
        for one in values.members if values else ():
            if one.value.kind == "scalar":
                plain = one.value.text if holder == "stringData" else _plain(one.value)
                fields[one.name] = (plain, one.value)
    url, password = fields.get("url", ("", resource))[0], fields.get("password")
    chart = fields.get("enableOCI", ("", resource))[0] == "true" or url.startswith("oci://")
    if not password or not chart:
        return
    value = held(password[0])
    yield source.use(
        ARGO,
        f"repository {name}",
        password[1],
        registry=url.removeprefix("oci://"),
        username=fields.get("username", ("", resource))[0],
        value=Held(value.name or name, value.secret),
        update=kubernetes_secret(name, namespace),
    )


def _plain(node: Node) -> str:
    return decoded(Located("".join(node.text.split()), 0, 0, 0)) or ""


def _flux(source: Source, resource: Node, kind: str, name: str, namespace: str) -> Iterator[Use]:
    secret = at(resource, "spec", "secretRef", "name")
    address = text_at(resource, "spec", "image") or text_at(resource, "spec", "url")
    if not secret or not secret.text or kind == "ImageUpdateAutomation":
        return
    if kind == "HelmRepository" and not address.startswith("oci://") and text_at(resource, "spec", "type") != "oci":
        return
    update = kubernetes_pull_secret(secret.text, namespace)
    registry = "" if "." in address.partition("/")[0] or "://" in address else HUB_CONTAINERS_NAME
    yield source.use(
        FLUX,
        f"secretRef of {kind} {name}",
        secret,
        value=Held(secret.text),
        image=address.removeprefix("oci://"),
        registry=registry,
        update=update,
    )
