"""What containers and machines are set up with: compose, Kubernetes, Helm, Ansible, Terraform, dev containers, and any
other YAML, since a password in a YAML file is a password."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from checks import ci_files
from checks.detect.document_findings import findings_of
from checks.detect.document_secrets import DocumentSecret, document_secrets, yaml_secrets
from checks.detect.telling_text import may_tell, may_tell_in_yaml
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.formats.encodings import text_of
from checks.formats.hcl import parse_hcl
from checks.formats.json_nodes import parse_json
from checks.formats.text_positions import Lines
from checks.formats.yaml_positions import Problem
from checks.model.finding import Looked, Observation, Skipped
from checks.model.workstation import Workstation
from checks.tool_files.places import tool_of

id = "orchestration-files"  # noqa: A001  the protocol's name
title = "compose, Kubernetes, Terraform and other YAML files"

_YAML = (
    ".yml",
    ".yaml",
    ".yml.j2",
    ".yaml.j2",
    ".yml.dist",
    ".yaml.dist",
    ".yml.example",
    ".yaml.example",
    ".yml.sample",
)
_HCL = (".tf", ".tfvars", ".hcl", ".nomad", ".tofu")
_JSON = (".tfstate", ".tfstate.backup", ".tfvars.json", ".tf.json", ".auto.tfvars.json")
_JSON_NAMES = frozenset({"devcontainer.json", ".devcontainer.json"})
_ENDINGS = (*_YAML, *_HCL, *_JSON)
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
    "kubernetes": "the cluster, by an ExternalSecret or sealed",
    "helm": "the cluster (existingSecret)",
    "terraform": "a secrets manager (a data source)",
    "ansible": "Ansible Vault or a lookup",
    "devcontainer": "the editor (remoteEnv from the local environment)",
}


def survey(_: Workstation) -> Iterator[Observation]:
    """Such files lie in repositories: they are looked at below a PATH."""
    return iter(())


def may_claim(name: str, _: str) -> bool:
    return name.endswith(_ENDINGS) or name in _JSON_NAMES


def claims(path: Path) -> bool:
    name = path.name.lower()
    if name in _NOT_OURS:
        return False
    if name.endswith((*_HCL, *_JSON)) or name in _JSON_NAMES:
        return True
    return name.endswith(_YAML) and not ci_files.claims(path) and tool_of(path) is None


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation))


def look(workstation: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    text = text_of(document.data)
    name = path.name.lower()
    if may_tell_in_yaml(text) if _is_yaml(name) else may_tell(text):
        kind = _kind(path, text)
        store = _STORES.get(kind, "a secrets manager")
        found, problem = _secrets(name, text)
        where = workstation.relative(str(path))
        yield from findings_of(found, Lines(text), str(path), where, check=id, rule=f"{kind}-secret", store=store)
        if problem and problem.reason.startswith(_ENDS_EARLY):
            yield Skipped(id, str(path), f"not read to its end: {problem.reason}", size=len(document.data))
    yield Looked(str(path), len(document.data))


def _secrets(name: str, text: str) -> tuple[Iterator[DocumentSecret], Problem | None]:
    """The secrets, and what a parser stumbled over. Of YAML all is read, line by line where need be."""
    if _is_yaml(name):
        return yaml_secrets(text), None
    parsed = parse_hcl(text) if name.endswith(_HCL) else parse_json(text)
    return document_secrets(text, parsed.documents), parsed.problem


def _is_yaml(name: str) -> bool:
    return not name.endswith((*_HCL, *_JSON)) and name not in _JSON_NAMES


def _kind(path: Path, text: str) -> str:
    """What kind of file it is, for the rule's name and the advice: by its name, else by its words."""
    name = path.name.lower()
    if name.endswith((*_HCL, *_JSON)):
        return "terraform"
    if name in _JSON_NAMES:
        return "devcontainer"
    if found := next((kind for start, kind in _KINDS if name.startswith(start)), None):
        return found
    if "apiVersion:" in text and "kind:" in text:
        return "kubernetes"
    if {"group_vars", "host_vars", "playbooks", "roles"} & set(path.parts) or ("hosts:" in text and "tasks:" in text):
        return "ansible"
    return "compose" if "services:" in text and "image:" in text else "yaml"
