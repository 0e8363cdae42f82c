"""The form of each set-up, held against what the system itself, or its schema, accepts. Nothing is fetched."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from guides.guards.ci.catalog import SYSTEMS, CiSystem, ci_system, set_up

BY_ID = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.id)
SCHEMAS = {
    "github": ("github-workflows", "runs-on:", "run-on:"),
    "gitlab": ("gitlab-ci", "expire_in:", "expires_in:"),
    "bitbucket": ("bitbucket-pipelines", "depth: full", "depth: whole"),
    "circleci": ("circle-ci", "method: full", "method: whole"),
    "travis": ("travis", "depth: false", "depth: none"),
}
"""The schema that check-jsonschema brings, and a slip of the pen that it must refuse."""


def text_of(name: str) -> str:
    return set_up(ci_system(name), "1.2.3", "trunk", "high")


def validate(folder: Path, schema: str, text: str) -> subprocess.CompletedProcess[str]:
    file = folder / "set-up.yml"
    file.write_text(text)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_accepts_it_and_refuses_a_slip(name: str, tmp_path: Path) -> None:
    schema, right, wrong = SCHEMAS[name]
    done = validate(tmp_path, schema, text_of(name))
    assert done.returncode == 0, done.stdout
    assert right in text_of(name)
    assert validate(tmp_path, schema, text_of(name).replace(right, wrong)).returncode == 1


def test_pre_commit_accepts_its_own_and_refuses_a_slip(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    file = tmp_path / ".pre-commit-config.yaml"
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(file)]
    file.write_text(text_of("pre-commit"))
    assert subprocess.run(command, capture_output=True).returncode == 0
    file.write_text(text_of("pre-commit").replace("stages: [pre-push]", "stages: [before-push]"))
    assert subprocess.run(command, capture_output=True).returncode == 1


def test_the_jenkinsfile_is_groovy() -> None:
    tree_sitter = pytest.importorskip("tree_sitter")
    grammar = pytest.importorskip("dekobon_tree_sitter_groovy")
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))
    text = text_of("jenkins")
    assert not parser.parse(text.encode()).root_node.has_error
    assert parser.parse(text.replace("agent any", "agent any }").encode()).root_node.has_error
    (script,) = re.findall(r"sh '''\n(.*?)'''", text, re.DOTALL)
    assert "\\" not in script  # Groovy would take it


@BY_ID
def test_no_place_is_left_open(system: CiSystem) -> None:
    text = text_of(system.id)
    assert not re.search(r"@[a-z_]+@", text)
    assert "dockhygiene==1.2.3" in text
    assert "--fail-on high" in text
    assert max(map(len, text.splitlines())) <= 140


@pytest.mark.parametrize("name", ["bitbucket", "circleci", "travis", "jenkins"])
def test_where_the_system_does_not_name_the_main_branch_the_set_up_does(name: str) -> None:
    assert "main=trunk" in text_of(name)


@pytest.mark.parametrize("name", ["a b", "-x", "a;b", "", "a'b", "${x}", "a\nb"])
def test_a_branch_that_would_need_quotes_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="main branch"):
        set_up(ci_system("travis"), "1.2.3", name)


def github() -> Any:
    return yaml.safe_load(text_of("github"))


def test_github_gets_the_least_rights() -> None:
    form = github()
    assert form["permissions"] == {"contents": "read"}
    assert form["jobs"]["secrets"]["permissions"] == {"contents": "read", "security-events": "write"}
    checkout = form["jobs"]["secrets"]["steps"][0]
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}
    assert set(form[True]) == {"push", "pull_request"}  # `on`; never pull_request_target


def test_github_actions_are_of_a_tag_with_the_word_to_pin_them() -> None:
    used = re.findall(r"uses: (\S+)", text_of("github"))
    assert used
    assert all(re.fullmatch(r"(?:actions|github)/[a-z/-]+@v\d+", one) for one in used)
    assert "Pin each action to a commit" in text_of("github")


def test_what_an_event_says_never_becomes_shell_text() -> None:
    steps = github()["jobs"]["secrets"]["steps"]
    assert not [step for step in steps if "${{" in step.get("run", "")]
    (look,) = (
        step
        for step in yaml.safe_load(text_of("circleci"))["jobs"]["dockhygiene"]["steps"]
        if "environment" in str(step)
    )
    assert "<<" not in look["run"]["command"]


@BY_ID
def test_only_pip_downloads_are_kept(system: CiSystem) -> None:
    text = text_of(system.id)
    kept = re.findall(r"^ *(?:paths|caches|cache): (?!pip$)(.+)$", text, re.MULTILINE)
    assert set(kept) <= {"[.cache/pip]", "[~/.cache/pip]", "[pip]", "[dockhygiene.sarif]"}
