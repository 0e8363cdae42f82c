"""Travis, Bitbucket Pipelines, Azure Pipelines and Cloud Build. Fields: each one's own configuration reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks import late
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.commands import script_uses
from checks.uses.references import Held, expand, held
from checks.uses.registries import implied_registry
from checks.uses.source import Source, first, first_text, member, text_at, walk
from checks.uses.updating import azure_connections, azure_variables, bitbucket_variables, travis_settings
from checks.uses.yaml_logins import image_use, image_uses, login_mapping

_TRAVIS_NAME = late.compile(r"(?P<name>[A-Z_][A-Z0-9_]{0,100})=")
_MACRO = late.compile(r"\$\((?P<name>[A-Za-z_][\w.]{0,100})\)")
_AZURE_TASKS = ("docker@", "dockercompose@", "containerbuild@", "azurewebappcontainer@", "helmdeploy@", "kubernetes")
_CLOUD_BUILD = "cloud-build"


def read_travis(source: Source) -> Iterator[Use]:
    """Logins in scripts; `secure` values of the environment, of which nobody but Travis knows what they are."""
    update = travis_settings(source.remote)
    logins = [source.with_need(use) for use in script_uses(source, "travis", update)]
    yield from logins
    for root in source.yaml:
        for path, node in walk(root):
            if path[-2:] and path[-1] == "secure" and "env" in path and node.kind == "scalar" and logins:
                names = {use.name for use in logins if use.name}
                known = f", perhaps {', '.join(sorted(names))}" if names else ""
                title = f"encrypted variable{known}"
                how = "in this file: travis encrypt, which reads NAME=VALUE from its standard input"
                yield source.use("travis", title, node, registry=logins[0].registry or "", update=how)
            elif path and path[-1] in ("env", "global", "matrix", "jobs") and node.kind == "sequence":
                yield from _travis_variables(source, node, update)


def _travis_variables(source: Source, node: Node, update: str) -> Iterator[Use]:
    for item in node.items:
        match = _TRAVIS_NAME.match(item.text)
        if match and implied_registry(match["name"]):
            value = source.held(item)
            text = item.text.partition("=")[2]
            held_value = value if value.name else Held(match["name"]) if not text else _literal(text, match["name"])
            yield source.use(
                "travis", f"variable {match['name']}", item, value=held_value, update=update, hint=match["name"]
            )


def _literal(text: str, name: str) -> Held:
    value = held(text.split()[0].strip("\"'") if text.split() else "")
    return value if value.known else Held(name)


def read_bitbucket(source: Source) -> Iterator[Use]:
    """Logins beside images, in scripts and in pipes."""
    update = bitbucket_variables(source.remote)
    kind = "bitbucket"
    for root in source.yaml:
        for path, node in walk(root):
            if path and path[-1] == "image":
                yield from _bitbucket_image(source, node, update)
            elif node.kind == "mapping" and text_at(node, "pipe"):
                given = member(node, "variables")
                pipe = text_at(node, "pipe").partition(":")[0]
                if "docker" in pipe or "ecr" in pipe or first(given, "docker_password", "registry_password"):
                    password = first(given, "password", "docker_password", "registry_password", "aws_secret_access_key")
                    if password:
                        yield source.use(
                            kind,
                            f"pipe {pipe}",
                            password,
                            registry=first_text(given, "registry", "docker_registry"),
                            username=first_text(given, "username"),
                            value=source.held(password),
                            update=update,
                        )
    for use in script_uses(source, kind, update):
        yield source.with_need(use)


def _bitbucket_image(source: Source, node: Node, update: str) -> Iterator[Use]:
    name = node if node.kind == "scalar" else member(node, "name")
    image = source.shown(name)
    aws = member(node, "aws")
    found = login_mapping(source, "bitbucket", "login of an image", node, update, image=image)
    if aws:
        key = first(aws, "secret-key", "oidc-role", "access-key")
        found = source.use(
            "bitbucket", "ECR login of an image", key or aws, value=source.held(key), image=image, update=update
        )
    found = found or image_use(source, "bitbucket", "image of a step", name, update=update)
    if found:
        yield found


def read_azure(source: Source) -> Iterator[Use]:
    """Service connections of tasks and container resources, and logins in scripts."""
    kind, update = "azure-pipelines", azure_connections(source.remote)
    if any(member(root, "apiVersion") for root in source.yaml):
        return  # of Kubernetes, Tekton for example
    for root in source.yaml:
        for path, node in walk(root):
            if node.kind != "mapping":
                continue
            task, inputs = text_at(node, "task"), member(node, "inputs")
            if task.lower().startswith(_AZURE_TASKS) and (named := first(inputs, *_CONNECTIONS)):
                yield source.with_need(_azure_task(source, kind, task, named, inputs, update))
            elif member(node, "endpoint") and member(node, "image") and "containers" in path:
                endpoint = member(node, "endpoint")
                assert endpoint
                name = expand(source.shown(endpoint), source.variables)
                title = f"container {text_at(node, 'container') or text_at(node, 'image')}"
                yield source.use(kind, title, endpoint, value=Held(name), image=text_at(node, "image"), update=update)
    for use in script_uses(source, kind, azure_variables(source.remote), as_shell=_with_shell_variables):
        yield source.with_need(use)


_CONNECTIONS = (
    "containerRegistry",
    "dockerRegistryEndpoint",
    "dockerRegistryConnection",
    "azureContainerRegistry",
    "azureSubscriptionEndpointForACR",
    "dockerRegistryServiceConnection",
)


def _azure_task(source: Source, kind: str, task: str, named: Node, inputs: Node | None, update: str) -> Use:
    text = expand(source.shown(named), source.variables)
    name = Held(text)
    host = text if "." in text and " " not in text else ""
    command = text_at(inputs, "command").lower()
    use = source.use(
        kind,
        f"service connection of {task}",
        named,
        registry=host,
        value=name,
        update=update,
        pushes=command in ("buildandpush", "push"),
    )
    repository = expand(text_at(inputs, "repository"), source.variables)
    if repository and "$" not in repository and len(repository) < 200:
        return replace(use, repository=repository)
    return use


def _with_shell_variables(text: str) -> str:
    """`$(name)` is a variable of the pipeline; a shell would take it for a command."""
    return _MACRO.sub(r"${\g<name>}", text)


def read_cloud_build(source: Source) -> Iterator[Use]:
    """Secrets that a build asks Secret Manager for, where it logs in with them; logins in its steps."""
    update = "https://console.cloud.google.com/security/secret-manager"
    for use in script_uses(source, _CLOUD_BUILD, update):
        yield source.with_need(use)
    for root in source.yaml:
        for path, node in walk(root):
            if path[-2:] == ("availableSecrets", "secretManager") and node.kind == "sequence":
                for item in node.items:
                    name, version = text_at(item, "env"), member(item, "versionName")
                    if version and (implied_registry(name) or implied_registry(_of_version(version.text))):
                        value = Held(_of_version(version.text) or name)
                        yield source.use(
                            _CLOUD_BUILD,
                            f"secret of the build as {name}",
                            version,
                            value=value,
                            update=update,
                            hint=name,
                        )
    yield from image_uses(source, _CLOUD_BUILD, "image of a step", source.yaml, ("name",))


def _of_version(text: str) -> str:
    """The secret's name in `projects/p/secrets/NAME/versions/latest`."""
    parts = text.split("/")
    return parts[parts.index("secrets") + 1] if "secrets" in parts[:-1] else ""
