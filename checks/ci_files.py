"""CI files: passwords in variables, logins and scripts of pipelines, which everybody with the repository can read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checks import by_name
from checks.detect.telling_text import may_tell, may_tell_in_yaml
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.formats.encodings import text_of
from checks.formats.text_positions import Lines
from checks.model.finding import Looked, Observation
from checks.model.workstation import Workstation

if TYPE_CHECKING:
    from checks.detect.document_secrets import DocumentSecret

id = "ci-files"  # noqa: A001  the protocol's name
title = "CI files"
may_claim = by_name.ci_files


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YAML = (".yml", ".yaml")
_STEMS = _names(
    """
    .gitlab-ci .travis bitbucket-pipelines azure-pipelines .azure-pipelines appveyor .appveyor .drone .woodpecker
    buildkite pipeline cloudbuild buildspec codefresh .semaphore wercker shippable .cirrus .vela screwdriver bitrise
    codemagic .buddy jenkins-x vsts-ci .platform dependabot skaffold
    """
)
_BEGINNINGS = (
    "azure-pipelines",
    "cloudbuild",
    "pipeline.",
    "buildspec",
    ".gitlab-ci",
    "jenkinsfile",
    ".drone",
    "renovate.",
)
_FOLDERS = frozenset(
    {
        ".circleci",
        ".buildkite",
        ".woodpecker",
        ".gitlab",
        ".semaphore",
        ".azure-pipelines",
        ".drone",
        ".tekton",
        ".harness",
    }
)
_FORGES = frozenset({".github", ".gitea", ".forgejo"})


def survey(_: Workstation) -> Iterator[Observation]:
    """CI files lie in repositories: they are looked at below a PATH."""
    return iter(())


def claims(path: Path) -> bool:
    name = path.name.lower()
    if name in by_name.RENOVATE or _is_jenkinsfile(name):
        return True
    if not name.endswith(_YAML):
        return False
    stem = name.rpartition(".")[0]
    if stem in _STEMS or name.startswith(_BEGINNINGS) or name.endswith(".gitlab-ci.yml"):
        return True
    folders = {part.lower() for part in path.parts[:-1]}
    if stem == "action" or not folders.isdisjoint(_FOLDERS):
        return True
    return not folders.isdisjoint(_FORGES) or path.parent.name in ("ci", ".ci")


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation))


def look(workstation: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    text = text_of(document.data)
    name = path.name.lower()
    if may_tell_in_yaml(text) if _is_yaml(name) else may_tell(text):
        from checks.detect.document_findings import findings_of  # parsers: only for a text that may tell

        found = _secrets(name, text)
        where = workstation.relative(str(path))
        yield from findings_of(
            found, Lines(text), str(path), where, check=id, rule="ci-file-secret", store="the CI system"
        )
    yield Looked(str(path), len(document.data))


def _secrets(name: str, text: str) -> Iterator[DocumentSecret]:
    from checks.detect.document_secrets import yaml_secrets
    from checks.detect.groovy_secrets import groovy_secrets

    if _is_jenkinsfile(name):
        return groovy_secrets(text)
    if name in by_name.RENOVATE:
        return _json5_secrets(text)
    return yaml_secrets(text)


def _json5_secrets(text: str) -> Iterator[DocumentSecret]:
    """JSON; what a JSON5 file has beyond it, names without quotes for example, is read line by line."""
    from checks.detect.document_secrets import document_secrets, loose_secrets
    from checks.formats.json_nodes import parse_json
    from checks.formats.loose_lines import loose_lines

    parsed = parse_json(text)
    found = list(document_secrets(text, parsed.documents))
    yield from found
    if parsed.problem:
        seen = {one.start for one in found}
        yield from (one for one in loose_secrets(tuple(loose_lines(text))) if one.start not in seen)


def _is_yaml(name: str) -> bool:
    return not _is_jenkinsfile(name) and name not in by_name.RENOVATE


def _is_jenkinsfile(name: str) -> bool:
    return name.startswith("jenkinsfile") or name.endswith((".jenkinsfile", ".jenkins"))
