from __future__ import annotations

import hashlib

import pytest

from checks.detect import samples
from checks.detect.tokens import recognise
from checks.detect.validity.crc_base62 import checksum
from checks.model.finding import Confidence
from tests.checks.conftest import random_token


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
