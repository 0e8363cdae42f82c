"""Every rule finds its true examples, whatever the random part is, and leaves its false ones."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from checks.detect.rule import Rule
from checks.detect.rule_book import RuleError, rule_of, rules, written_rules
from checks.detect.tokens import Token, tokens_at
from checks.model.finding import Confidence
from tests.checks.detect.examples import example

WRITTEN = written_rules()
ROUNDS = 20
ALL = [pytest.param(one, id=one["id"]) for one in WRITTEN]


def found_in(rule: Rule, text: str) -> list[Token]:
    data = text.encode()
    lower = data.lower()
    starts = {match.start() for word in rule.keywords for match in re.finditer(re.escape(word.encode()), lower)}
    return [token for start in sorted(starts) for token in tokens_at(rule, data, start)]


@pytest.mark.parametrize("written", ALL)
def test_finds_its_true_examples(written: dict[str, Any]) -> None:
    rule, random = rule_of(written), Random(written["id"])
    assert len(written["finds"]) >= 2
    for template in written["finds"]:
        # A random part may look invented by chance, once in many thousands: two in twenty would be a fault.
        found = [found_in(rule, example(template, random)) for _ in range(ROUNDS)]
        missed = sum(1 for tokens in found if not any(token.confidence >= rule.confidence for token in tokens))
        assert missed <= 1, template


@pytest.mark.parametrize("written", ALL)
def test_leaves_its_false_examples(written: dict[str, Any]) -> None:
    rule, random = rule_of(written), Random(written["id"])
    assert len(written["ignores"]) >= 2
    for template in written["ignores"]:
        for _ in range(ROUNDS):
            text = example(template, random)
            assert not [token for token in found_in(rule, text) if token.confidence > Confidence.POSSIBLE], text


@pytest.mark.parametrize("written", ALL)
def test_says_where_its_form_is_from(written: dict[str, Any]) -> None:
    assert len(written["source"]) > 3
    assert re.fullmatch("[a-z0-9]+(?:-[a-z0-9]+)*", written["id"])
    assert 5 < len(written["title"]) < 70


def test_ids_are_unique() -> None:
    ids = [one["id"] for one in WRITTEN]
    assert len(ids) == len(set(ids))


def test_no_rule_is_off_without_a_reason() -> None:
    assert all(one.get("on", True) or one["source"] for one in WRITTEN)
    assert len(rules()) > 1


@pytest.mark.parametrize(
    "change",
    [
        {"keywords": []},
        {"keywords": ["Upper"]},
        {"keywords": ["ab"]},
        {"severity": "dreadful"},
        {"validity": "no-such-test"},
        {"pattern": ""},
        {"assigned": "x"},
        {"colour": "red"},
    ],
)
def test_a_rule_that_is_written_wrongly_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RuleError, match=WRITTEN[0]["id"]):
        rule_of({**WRITTEN[0], **change})


def test_a_rule_without_examples_would_be_noticed() -> None:
    assert all({"finds", "ignores"} <= one.keys() for one in WRITTEN)
