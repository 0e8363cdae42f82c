"""The rules of `rules/*.yaml`, read once a process. docs/rules.md says how to write one."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from importlib import resources
from typing import Any

import yaml

from checks.detect.rule import Rule
from checks.detect.validity import VALIDITY
from checks.model.finding import Confidence, Severity

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EXAMPLES = {"finds", "ignores"}
_NAMES = {field.name for field in fields(Rule)} | _EXAMPLES


class RuleError(ValueError):
    """A rule is not written as it should be: the message names it and what is wrong."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule that is on, in the order of the files."""
    return tuple(rule for rule in map(rule_of, written_rules()) if rule.on)


def written_rules() -> list[dict[str, Any]]:
    """The rules as they are written, examples included."""
    folder = resources.files("checks.detect") / "rules"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return [one for file in files for one in yaml.load(file.read_bytes(), Loader=_LOADER)]  # noqa: S506  a safe loader


def rule_of(written: dict[str, Any]) -> Rule:
    """Raises RuleError."""
    name = written.get("id", "a rule without an id")
    if unknown := sorted(written.keys() - _NAMES):
        raise RuleError(f"{name}: unknown: {', '.join(unknown)}")
    held = {key: value for key, value in written.items() if key not in _EXAMPLES}
    try:
        held["severity"] = Severity[str(held["severity"]).upper()]
        held["confidence"] = Confidence[str(held.get("confidence", "certain")).upper()]
        held["keywords"] = tuple(held["keywords"])
        rule = Rule(**held)
    except (KeyError, TypeError) as error:
        raise RuleError(f"{name}: {error}") from error
    if bool(rule.pattern) == bool(rule.assigned):
        raise RuleError(f"{name}: either a pattern or an assigned form")
    if not rule.keywords or any(word != word.lower() or len(word) < 3 for word in rule.keywords):
        raise RuleError(f"{name}: keywords are in lower case and at least three characters long")
    if rule.validity and rule.validity not in VALIDITY:
        raise RuleError(f"{name}: there is no offline test {rule.validity}")
    return rule
