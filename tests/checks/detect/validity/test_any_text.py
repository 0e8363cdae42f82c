"""No offline test raises, whatever it is given, and none takes long."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.detect.validity.catalog import VALIDITY
from tests.checks.detect.token_parts import b64, b64u

NAMES = sorted(VALIDITY)
PREFIXES = ("", "pypi-", "ABSK", "bedrock-api-key-", "BBDC-", "glpat-", "CCIPAT_", "sig=", "tid=", "AKIA", "AWS:")


@pytest.mark.parametrize("name", NAMES)
@given(prefix=st.sampled_from(PREFIXES), text=st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_is_answered(name: str, prefix: str, text: str) -> None:
    assert VALIDITY[name](prefix + text) in (True, False, None)


@pytest.mark.parametrize("name", NAMES)
@given(prefix=st.sampled_from(PREFIXES), data=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_in_base64_are_answered(name: str, prefix: str, data: bytes) -> None:
    for encode in (b64, b64u):
        assert VALIDITY[name](prefix + encode(data)) in (True, False, None)


@pytest.mark.parametrize("name", NAMES)
def test_lone_surrogates_and_long_texts_are_answered(name: str) -> None:
    for text in (
        "\udcff" * 52,
        "\udc80",
        "A" * 100_000,
        "٣" * 20,
        "[" * 50_000,
        b64("[" * 20_000),
        b64('{"a":' * 5_000),
    ):
        assert VALIDITY[name](text) in (True, False, None)
