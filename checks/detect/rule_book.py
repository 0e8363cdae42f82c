"""The rules, read once a process from `rules/compiled.json`, which `make rules` writes from `rules/*.yaml`.

docs/rules.md says how to write one. Reading the YAML takes a tenth of a second, which every git hook would wait for.
"""

from __future__ import annotations

import json
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from checks.detect.rule import Rule
from checks.model.finding import Confidence, Severity

_FOLDER = Path(__file__).parent / "rules"
COMPILED = _FOLDER / "compiled.json"
_FOR_AUTHORS = {"source", "finds", "ignores"}
"""Where a form is from, and examples for the tests."""
_NAMES = {field.name for field in fields(Rule)} | _FOR_AUTHORS


class RuleError(ValueError):
    """A rule is not written as it should be: the message names it and what is wrong."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule that is on, in the order of the files."""
    return tuple(map(_rule, json.loads(COMPILED.read_bytes())))


def compiled(written: list[dict[str, Any]]) -> str:
    """What the program needs of the rules that are on, one a line. Raises RuleError."""
    on = [one for one in written if rule_of(one).on]
    kept = [{key: value for key, value in one.items() if key not in _FOR_AUTHORS} for one in on]
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in kept) + "\n]\n"


def written_rules() -> list[dict[str, Any]]:
    """The rules as they are written, examples included."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [one for file in sorted(_FOLDER.glob("*.yaml")) for one in yaml.load(file.read_bytes(), Loader=loader)]  # noqa: S506  a safe loader


def rule_of(written: dict[str, Any]) -> Rule:
    """Raises RuleError."""
    from checks.detect.validity.catalog import VALIDITY

    name = written.get("id", "a rule without an id")
    if unknown := sorted(written.keys() - _NAMES):
        raise RuleError(f"{name}: unknown: {', '.join(unknown)}")
    try:
        rule = _rule(written)
    except (KeyError, TypeError) as error:
        raise RuleError(f"{name}: {error}") from error
    if bool(rule.pattern) == bool(rule.assigned):
        raise RuleError(f"{name}: either a pattern or an assigned form")
    if not rule.keywords or any(word != word.lower() or len(word) < 3 for word in rule.keywords):
        raise RuleError(f"{name}: keywords are in lower case and at least three characters long")
    if rule.validity and rule.validity not in VALIDITY:
        raise RuleError(f"{name}: there is no offline test {rule.validity}")
    return rule


def _rule(written: dict[str, Any]) -> Rule:
    held = {key: value for key, value in written.items() if key not in _FOR_AUTHORS}
    held["severity"] = Severity[str(held["severity"]).upper()]
    held["confidence"] = Confidence[str(held.get("confidence", "certain")).upper()]
    held["keywords"] = tuple(held["keywords"])
    return Rule(**held)


if __name__ == "__main__":
    COMPILED.write_text(compiled(written_rules()), encoding="utf-8")
