from __future__ import annotations

import hashlib
import re
from random import Random

import pytest

from checks.detect import samples
from checks.detect.rule_book import rules, written_rules
from checks.detect.tokens import SHORTEST_WITHIN, recognise, tokens_at
from checks.detect.validity.crc_base62 import checksum
from checks.model.finding import Confidence
from tests.checks.conftest import random_token
from tests.checks.detect.examples import example


def test_a_whole_value_is_recognised() -> None:
    found = recognise(random_token("dckr_pat_", 27))
    assert found
    rule, confidence = found
    assert (rule.id, rule.kind.prefix, confidence) == ("docker-hub-pat", "dckr_pat_", Confidence.CERTAIN)


@pytest.mark.parametrize("around", ["x{}", "{}=", "say {}", "{}{}"])
def test_only_a_whole_value_is(around: str) -> None:
    token = random_token("dckr_pat_", 27)
    assert recognise(around.format(token, token)) is None


def test_a_wrong_checksum_is_possible_at_most() -> None:
    body = random_token("", 30)
    right, wrong = recognise(f"ghp_{body}{checksum(body)}"), recognise(f"ghp_{body}{'0' * 6}")
    assert right and right[1] is Confidence.CERTAIN
    assert wrong is None or wrong[1] is Confidence.POSSIBLE


@pytest.mark.parametrize("body", ["x" * 27, "1234567890" * 2 + "abcdefg", "replace-me-with-your-token1"])
def test_what_was_made_up_for_a_manual_is_none(body: str) -> None:
    assert recognise(f"dckr_pat_{body}") is None


def test_a_published_sample_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    token = random_token("dckr_pat_", 27)
    monkeypatch.setattr(samples, "_hashes", lambda: frozenset({hashlib.sha256(token.encode()).hexdigest()}))
    assert recognise(token) is None


@pytest.mark.parametrize("value", ["", "a", "hunter2", "\ud800", "dckr_pat_", "dckr_pat_" * 100_000])
def test_anything_else_is_none(value: str) -> None:
    assert recognise(value) is None


def test_a_token_with_its_keyword_within_is_no_shorter_than_what_is_looked_at() -> None:
    for rule in rules():
        if rule.alone and not (rule.assigned or rule.anchored):
            shortest, _ = re._parser.parse(rule.pattern).getwidth()  # type: ignore[attr-defined]
            assert shortest >= SHORTEST_WITHIN, rule.id
            assert not re.search(r" |\\s|\[\^(?!.{0,20} )", rule.pattern) or "&" in rule.pattern, rule.id


def test_a_rule_that_needs_something_around_its_token_never_has_a_whole_value() -> None:
    random = Random(7)
    apart = {rule.id: rule for rule in rules() if not rule.alone}
    assert apart
    for written in written_rules():
        rule = apart.get(written["id"])
        for template in written["finds"] if rule else ():
            data = example(template, random).encode()
            for word in rule.keywords if rule else ():
                for found in re.finditer(re.escape(word.encode()), data.lower()):
                    for token in (
                        tokens_at(rule, token_text, 0) if rule and (token_text := data[found.start() :]) else ()
                    ):
                        assert (token.start, token.end) != (0, len(token_text)), rule
