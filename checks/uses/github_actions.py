"""GitHub Actions, and Gitea's and Forgejo's, which read the same files.

Fields: GitHub's workflow syntax; the inputs of docker/login-action, docker/build-push-action and
aws-actions/amazon-ecr-login; docs/sources.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from checks import late
from checks.formats.read_yaml import read_yaml
from checks.formats.yaml_positions import Member, Node
from checks.model.use import Use
from checks.uses.commands import script_uses
from checks.uses.references import AUTOMATIC, Held
from checks.uses.registries import implied_registry
from checks.uses.source import Source, at, first, first_text, member, text_at, walk
from checks.uses.updating import gitea_secrets, github_secrets
from checks.uses.yaml_logins import image_use, login_mapping

_LOGIN = late.compile(
    r"(?:docker|podman|registry|container|ecr|acr|ghcr)[\w./-]{0,60}log-?in|log-?in[\w./-]{0,60}(?:docker|registry)",
    re.I,
)
_PUBLISHES = late.compile(r"docker|podman|container|registry|image|kaniko|buildah", re.IGNORECASE)
_SECRET = late.compile(r"\$\{\{[^{}\n]{0,200}?\bsecrets(?:\.|\[['\"])(?P<name>[\w-]{1,100}+)")


def read(source: Source) -> Iterator[Use]:
    """Logins in steps, containers and commands; then secrets whose name speaks of a registry, wherever they are."""
    gitea = any(part in (".gitea", ".forgejo") for part in PurePath(source.path).parts)
    kind = "gitea-actions" if gitea else "github-actions"
    update = gitea_secrets(source.remote) if gitea else github_secrets(source.remote)
    told: set[str] = set()
    for use in _logins(source, kind, update):
        told.add(use.name)
        yield source.with_need(use)
    yield from (source.with_need(use) for use in _named(source, kind, update, told))


def _logins(source: Source, kind: str, update: str) -> Iterator[Use]:
    for root in source.yaml:
        for job in _members(root, "jobs"):
            where = f"in the job {job.name}"
            yield from _containers(source, kind, update, where, job.value)
            yield from _steps(source, kind, update, where, job.value)
        yield from _steps(source, kind, update, "in this action", member(root, "runs"))
    yield from script_uses(source, kind, update)


def _members(root: Node | None, name: str) -> tuple[Member, ...]:
    found = member(root, name)
    return found.members if found else ()


def _containers(source: Source, kind: str, update: str, where: str, job: Node) -> Iterator[Use]:
    containers = [("container", member(job, "container"))]
    containers += [(f"service {one.name}", one.value) for one in _members(job, "services")]
    for what, node in containers:
        image = node if node and node.kind == "scalar" else member(node, "image")
        credentials = member(node, "credentials")
        title = f"credentials of the {what} {where}"
        found = login_mapping(source, kind, title, credentials, update, image=source.shown(image))
        found = found or (
            None if credentials else image_use(source, kind, f"image of the {what} {where}", image, update=update)
        )
        if found:
            yield found


def _steps(source: Source, kind: str, update: str, where: str, job: Node | None) -> Iterator[Use]:
    steps = member(job, "steps")
    cloud = _cloud_secret(source, steps)
    for step in steps.items if steps else ():
        action, given = text_at(step, "uses").partition("@")[0], member(step, "with")
        if not action:
            continue
        title = f"{action} {where}"
        if "ecr-login" in action:
            yield _ecr(source, kind, update, title, step, given, cloud)
        elif listed := at(given, "registry-auth"):
            yield from _registry_auth(source, kind, update, title, listed)
        elif _LOGIN.search(action) or (_PUBLISHES.search(action) and first(given, "username", "user")):
            image = (
                ""
                if first_text(given, "registry", "login-server")
                else first_text(given, "image", "name", "repository")
            )
            found = login_mapping(source, kind, title, given, update, image=image)
            if found:
                yield found


def _cloud_secret(source: Source, steps: Node | None) -> Held:
    """The secret of the step that signs in to AWS, by which ECR's login lives."""
    for step in steps.items if steps else ():
        if "configure-aws-credentials" in text_at(step, "uses"):
            return source.held(first(member(step, "with"), "aws-secret-access-key", "role-to-assume"))
    return Held()


def _ecr(source: Source, kind: str, update: str, title: str, step: Node, given: Node | None, cloud: Held) -> Use:
    accounts = first_text(given, "registries").split(",")[0].strip()
    region = source.variables.get("AWS_REGION", "") or first_text(given, "aws-region")
    host = (
        f"{accounts}.dkr.ecr.{region}.amazonaws.com" if accounts.isdigit() and region.replace("-", "").isalnum() else ""
    )
    place = first(given, "registries") or member(step, "uses") or step
    return source.use(kind, title, place, registry=host, value=cloud, update=update)


def _registry_auth(source: Source, kind: str, update: str, title: str, listed: Node) -> Iterator[Use]:
    """`registry-auth` is a text that is a list of logins."""
    if listed.kind != "scalar":
        for item in listed.items:
            if found := login_mapping(source, kind, title, item, update):
                yield found
        return
    inner = Source(source.path, listed.text, source.remote, source.variables)
    for document in read_yaml(listed.text).documents:
        for item in document.items:
            if found := login_mapping(inner, kind, title, item, update):
                place = first(item, "password") or item
                yield replace(found, line=source.line_within(listed, place.start))


def _named(source: Source, kind: str, update: str, told: set[str]) -> Iterator[Use]:
    """Secrets that are handed on under a name that speaks of a registry, to a script or to another workflow."""
    for root in source.yaml:
        for path, node in walk(root):
            if node.kind != "scalar" or "secrets" not in node.text:
                continue
            for match in _SECRET.finditer(node.text[:20_000]):
                name = match["name"]
                if (
                    name in told
                    or name in AUTOMATIC
                    or not (implied_registry(name) or (path and implied_registry(path[-1])))
                ):
                    continue
                told.add(name)
                place = path[-1] if path else ""
                line = source.line_within(node, match.start())
                yield source.use(
                    kind, f"secret handed on as {place}", line, value=Held(name), update=update, hint=place
                )
