"""What the program reads instead of the rules as they are written says the same."""

from __future__ import annotations

import json

from checks.detect.rule_book import COMPILED, compiled, rule_of, rules, written_rules
from checks.tool_files import known_names, places


def test_the_compiled_rules_are_up_to_date() -> None:
    assert COMPILED.read_text(encoding="utf-8") == compiled(written_rules()), "run: make rules"


def test_both_ways_lead_to_the_same_rules() -> None:
    assert list(rules()) == [rule for rule in map(rule_of, written_rules()) if rule.on]


def test_one_rule_a_line_without_what_only_authors_need() -> None:
    first, *lines, last = COMPILED.read_text(encoding="utf-8").splitlines()
    assert (first, last) == ("[", "]")
    held = [json.loads(line.removesuffix(",")) for line in lines]
    assert [one["id"] for one in held] == [rule.id for rule in rules()]
    assert not {"finds", "ignores", "source"} & {key for one in held for key in one}


def test_the_names_of_tools_files_are_up_to_date() -> None:
    assert known_names.COMPILED.read_text(encoding="utf-8") == places.claimed_names(), "run: make rules"
