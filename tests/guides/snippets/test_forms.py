"""The forms that Docker, CI systems and Kubernetes read: held against their schemas; every name arrives as it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from guides.snippets.catalog import find, language, snippets
from guides.snippets.names import NameNotUsable
from guides.snippets.template import Label, Source, Template
from tests.guides.snippets.scene import AWKWARD, ENVIRON, PLAIN, run
from tests.guides.snippets.toolchains import CHECK
from tests.services.node_packages import node_modules
from tests.services.require import require

SCHEMAS = {"compose": "compose-spec", "github-actions": "github-workflows", "gitlab-ci": "gitlab-ci"}
DOLLARS = ("compose", "gitlab-ci")
"""Which write a dollar twice."""
DOCKERFILES = "dockerfile-utils@0.16.3"


def rendered(one: Template) -> str:
    """With names as awkward as the form can hold."""
    try:
        return one.render(AWKWARD)
    except NameNotUsable:
        return one.render(PLAIN)


@pytest.mark.parametrize("form", SCHEMAS)
def test_the_schema_accepts_it_and_rejects_a_broken_one(form: str, tmp_path: Path) -> None:
    texts = [rendered(one) for one in snippets(language(form)) if one.label is Label.SYNTAX_CHECKED]
    assert texts
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.yaml").write_text(text)
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{SCHEMAS[form]}"]
    run([*check, *tmp_path.glob("?.yaml")], tmp_path, ENVIRON)
    broken = tmp_path / "broken.yaml"
    key = {"compose": "services", "github-actions": "jobs", "gitlab-ci": "script"}[form]
    broken.write_text(texts[0].replace(f"{key}:", f"{key}z:"))
    run([*check, broken], tmp_path, ENVIRON, fails=True)


@pytest.mark.parametrize("form", ["compose", "github-actions", "gitlab-ci", "kubernetes", "kubernetes-pull"])
def test_names_arrive_as_they_are(form: str) -> None:
    for one in snippets(language(form)):
        held = set(_scalars(list(yaml.safe_load_all(rendered(one)))))
        if form in DOLLARS:
            held = {text.replace("$$", "$") for text in held}
        if form == "github-actions":
            held = {text.replace("${{ '${{' }}", "${{") for text in held}
        for what in ("user", "path", "field", "id"):
            if f"«{what}»" in one.text and "toJson" not in one.text:
                assert {getattr(AWKWARD, what), getattr(PLAIN, what)} & held, f"{one.title}: {what}"


@pytest.mark.parametrize("source", [Source.AWS, Source.VAULT, Source.CONJUR])
def test_a_name_that_cannot_be_quoted_is_refused(source: Source) -> None:
    with pytest.raises(NameNotUsable, match=r"cannot quote the (path|id) here"):
        find(language("github-actions"), source).render(AWKWARD)


@pytest.mark.parametrize("form", ["kubernetes", "kubernetes-pull"])
def test_the_parts_of_a_manifest_name_each_other(form: str) -> None:
    for one in snippets(language(form)):
        parts = {part["kind"]: part for part in yaml.safe_load_all(rendered(one))}
        assert all(part["apiVersion"] and part["metadata"]["name"] for part in parts.values())
        made = {"registry-token", "registry-login"}  # by kubectl, as the comment says
        if external := parts.get("ExternalSecret"):
            assert external["spec"]["secretStoreRef"]["name"] == parts["SecretStore"]["metadata"]["name"]
            made = {external["spec"]["target"]["name"]}
        if form == "kubernetes":
            (variable,) = parts["Pod"]["spec"]["containers"][0]["env"]
            assert variable["name"] == AWKWARD.variable
            assert variable["valueFrom"]["secretKeyRef"]["name"] in made
        else:
            assert parts["ServiceAccount"]["imagePullSecrets"][0]["name"] in made


def test_the_dockerfile_is_one(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(node_modules(DOCKERFILES))
    check = [require("node", "nodejs"), tmp_path / "node_modules" / ".bin" / "dockerfile-utils", "lint"]
    text = rendered(find(language("buildkit"), Source.ENV))
    (tmp_path / "Dockerfile").write_text(text)
    (tmp_path / "Broken").write_text(text.replace("RUN --mount", "RAN --mount"))
    assert "Error" not in run([*check, tmp_path / "Dockerfile"], tmp_path, ENVIRON)
    assert "Unknown instruction: RAN" in run([*check, tmp_path / "Broken"], tmp_path, ENVIRON, fails=True)
    assert "--mount=type=secret" in text and "ARG" not in text.split("FROM")[1]


def test_every_label_of_a_form_has_its_test() -> None:
    tested = {*CHECK, *SCHEMAS, "kubernetes", "kubernetes-pull", "buildkit"}
    assert {one.language.id for one in snippets() if one.label is Label.SYNTAX_CHECKED} <= tested


def _scalars(parsed: Any) -> Iterator[str]:
    if isinstance(parsed, dict):
        parsed = [*parsed.keys(), *parsed.values()]
    if isinstance(parsed, list):
        for one in parsed:
            yield from _scalars(one)
    elif isinstance(parsed, str):
        yield parsed
