"""Every format that the checks read, every shape of secret, each way: planned, made, found anew, taken back."""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from checks.model.secret import Secret
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.value_edit import plan_edit
from tests.guides.edits.scene import Scene, assert_shows_nothing, there_and_back
from tests.quality.form import Example, Form, secret_examples
from tests.quality.formats import FORMS
from tests.quality.values import SECRETS

FORMATS = sorted({form.format for form in FORMS})
NEVER_EDITED = ("Terraform state", "bash history", "zsh history", "fish history", "private key")
"""Where no value is put: a person or another program does that."""
EVERY = 4
"""Of the examples; no divisor of the number of secrets of each form, so that every kind has its turn."""
AWKWARD = ("quotes", "dollar", "hash", "backslash", "marks", "phrase", "at, colon, slash", "unicode")
VARIABLES = {
    "compose", "GitHub Actions", "GitLab CI", "CircleCI", "Travis", "Bitbucket", "Azure Pipelines", "dotenv",
    "shell start-up", "shell script", "fish start-up", "Ansible", "Terraform", "devcontainer", "Maven settings", "Ruby",
    "Python", "JavaScript", "Go", "Java", "Kotlin", "PHP", "Rust", "Swift", "Drone", "Woodpecker", "Dependabot",
    "NuGet", ".yarnrc.yml", ".npmrc", "Jenkinsfile", "PowerShell",
}  # fmt: skip
TAKEN_OUT = {
    "dotenv", "shell start-up", "shell script", "fish start-up", "bash history", "zsh history", "fish history",
    ".npmrc", ".git-credentials", "pgpass", "csh start-up", "PowerShell", "crontab",
}  # fmt: skip


def examples(format_: str, random: Random) -> list[tuple[Form, Example]]:
    return [(form, one) for form in FORMS if form.format == format_ for one in secret_examples(form, random)]


def plan_each(
    scene: Scene, format_: str, random: Random, way: Way, new_kind: str = "", every: int = EVERY
) -> list[tuple[Path, str, str, ValueEdit | ToDo]]:
    """All examples of a format that some check finds: path, old and new value, and what was planned."""
    planned = []
    for number, (form, one) in list(enumerate(examples(format_, random)))[::every]:
        assert one.secret is not None
        path = scene.write(f"src/{number:03}/{form.path}", one.text)
        old, check = Secret(one.secret), scene.finder(path, Secret(one.secret))
        if check:
            new = SECRETS[new_kind](random) if way is Way.VALUE else ""
            plan = plan_edit(scene.workstation, check, path, old, Secret(new) if new else None, way, "REGISTRY_LOGIN")
            planned.append((path, one.secret, new, plan))
    return planned


def check_each(scene: Scene, planned: list[tuple[Path, str, str, ValueEdit | ToDo]], way: Way) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    for path, old, new, plan in planned:
        if isinstance(plan, ToDo):
            assert plan.reason
            assert plan.how
            assert_not_in(f"{plan.reason} {plan.how}", old, new)
            outcomes[plan.reason] += 1
            continue
        outcomes["edit"] += 1
        assert_shows_nothing(plan, old, new, *encodings(old), *encodings(new))
        before = path.read_bytes()
        between = there_and_back(scene, plan)
        path.write_bytes(between)
        found = scene.found(path, plan.check)
        assert Secret(old) not in found
        assert (Secret(new) in found) is (way is Way.VALUE)
        path.write_bytes(before)
    return outcomes


def encodings(value: str) -> tuple[str, ...]:
    spelled = json.dumps(value)[1:-1]
    return base64.b64encode(value.encode()).decode(), spelled


def assert_not_in(text: str, *values: str) -> None:
    for value in values:
        assert len(value) < 6 or value not in text


@pytest.mark.parametrize("format_", FORMATS)
def test_a_token_takes_the_place_of_any_secret(scene: Scene, format_: str) -> None:
    planned = plan_each(scene, format_, Random(format_), Way.VALUE, "token")
    outcomes = check_each(scene, planned, Way.VALUE)
    if format_ in NEVER_EDITED:
        return
    left = {"it is a copy that was left behind, which nothing reads", "every running fish writes this file again"}
    if format_ == "git remote":  # where the user stands, only a token of a known form is believed to be one
        left.add("something that is read there now would not be read any more")
    assert set(outcomes) <= {"edit"} | left


@pytest.mark.parametrize("format_", [one for one in FORMATS if one not in NEVER_EDITED])
def test_an_awkward_password_is_read_back_or_left_to_a_person(scene: Scene, format_: str) -> None:
    random = Random(format_)
    for number, kind in enumerate(AWKWARD):
        inner = Scene(scene.top / str(number))
        inner.top.mkdir()
        check_each(inner, plan_each(inner, format_, random, Way.VALUE, kind, every=9), Way.VALUE)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_variable_takes_the_place_where_one_is_understood(scene: Scene, format_: str) -> None:
    outcomes = check_each(scene, plan_each(scene, format_, Random(format_), Way.VARIABLE), Way.VARIABLE)
    assert bool(outcomes["edit"]) is (format_ in VARIABLES)


@pytest.mark.parametrize("format_", FORMATS)
def test_lines_that_only_set_it_are_taken_out(scene: Scene, format_: str) -> None:
    outcomes = check_each(scene, plan_each(scene, format_, Random(format_), Way.NOTHING), Way.NOTHING)
    assert bool(outcomes["edit"]) is (format_ in TAKEN_OUT)
