"""What containers and machines are set up with: compose, Kubernetes, Helm, Ansible, Terraform, dev containers, and any
other YAML, since a password in a YAML file is a password."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checks import by_name, ci_files
from checks.detect.telling_text import may_tell, may_tell_in_yaml
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.formats.encodings import text_of
from checks.formats.text_positions import Lines
from checks.model.finding import Looked, Observation, Skipped
from checks.model.workstation import Workstation
from checks.tool_files.known_names import may_be_known

if TYPE_CHECKING:
    from checks.detect.document_secrets import DocumentSecret
    from checks.formats.yaml_positions import Problem

id = "orchestration-files"  # noqa: A001  the protocol's name
title = "compose, Kubernetes, Terraform and other YAML files"
may_claim = by_name.orchestration_files

_NOT_OURS = frozenset(
    {".terraform.lock.hcl", "pnpm-lock.yaml", ".pre-commit-config.yaml", "mkdocs.yml", "conda-lock.yml"}
)
_ENDS_EARLY = ("more than", "nested")
"""How a problem begins behind which nothing was read; other mistakes are passed over."""
_KINDS = (
    ("docker-compose", "compose"),
    ("compose", "compose"),
    ("docker-stack", "compose"),
    ("stack.", "compose"),
    ("values", "helm"),
    ("pulumi.", "pulumi"),
    ("serverless", "serverless"),
)
_STORES = {
    "compose": "Docker (compose `secrets:`) or an .env file outside of the repository",
    "kubernetes": by_name.KUBERNETES_STORE,
    "helm": "the cluster (existingSecret)",
    "terraform": "a secrets manager (a data source)",
    "ansible": "Ansible Vault or a lookup",
    "devcontainer": "the editor (remoteEnv from the local environment)",
}


def survey(_: Workstation) -> Iterator[Observation]:
    """Such files lie in repositories: they are looked at below a PATH."""
    return iter(())


def claims(path: Path) -> bool:
    name = path.name.lower()
    if name in _NOT_OURS:
        return False
    if name.endswith((*by_name.HCL, *by_name.JSON)) or name in by_name.JSON_NAMES:
        return True
    if by_name.is_inventory(name, str(path.parent)):
        return True
    return name.endswith(by_name.YAML) and not ci_files.claims(path) and not _is_a_tools(path, name)


def _is_a_tools(path: Path, name: str) -> bool:
    if not may_be_known(name, str(path.parent)):
        return False
    from checks.tool_files.places import tool_of  # all the tools: only for who may have met one

    return tool_of(path) is not None


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation))


def look(workstation: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    text = text_of(document.data)
    name = path.name.lower()
    inventory = by_name.is_inventory(name, str(path.parent))
    if may_tell(text) if inventory or not _is_yaml(name) else may_tell_in_yaml(text):
        from checks.detect.document_findings import findings_of  # parsers: only for a text that may tell

        kind = "ansible" if inventory else _kind(path, text)
        store = _STORES.get(kind, "a secrets manager")
        found, problem = _secrets(name, text, kind)
        where = workstation.relative(str(path))
        yield from findings_of(found, Lines(text), str(path), where, check=id, rule=f"{kind}-secret", store=store)
        if problem and problem.reason.startswith(_ENDS_EARLY):
            yield Skipped(id, str(path), f"not read to its end: {problem.reason}", size=len(document.data))
    yield Looked(str(path), len(document.data))


def _secrets(name: str, text: str, kind: str) -> tuple[Iterator[DocumentSecret], Problem | None]:
    """The secrets, and what a parser stumbled over. Of YAML all is read, line by line where need be."""
    from checks.detect.document_secrets import document_secrets, yaml_secrets
    from checks.formats.hcl import parse_hcl
    from checks.formats.json_nodes import parse_json

    if kind == "ansible" and not name.endswith(by_name.YAML):
        from checks.detect.inventory_secrets import inventory_secrets

        return inventory_secrets(text), None
    if _is_yaml(name):
        return yaml_secrets(text, compose=kind == "compose"), None
    parsed = parse_hcl(text) if name.endswith(by_name.HCL) else parse_json(text)
    return document_secrets(text, parsed.documents), parsed.problem


def _is_yaml(name: str) -> bool:
    return not name.endswith((*by_name.HCL, *by_name.JSON)) and name not in by_name.JSON_NAMES


def _kind(path: Path, text: str) -> str:
    """What kind of file it is, for the rule's name and the advice: by its name, else by its words."""
    name = path.name.lower()
    if name.endswith((*by_name.HCL, *by_name.JSON)):
        return "terraform"
    if name in by_name.JSON_NAMES:
        return "devcontainer"
    if found := next((kind for start, kind in _KINDS if name.startswith(start)), None):
        return found
    if "apiVersion:" in text and "kind:" in text:
        return "kubernetes"
    if {"group_vars", "host_vars", "playbooks", "roles"} & set(path.parts) or ("hosts:" in text and "tasks:" in text):
        return "ansible"
    return "compose" if "services:" in text and "image:" in text else "yaml"
