"""The sum is computed here by another way: Horner's rule on the digits that stand in the token."""

from __future__ import annotations

import binascii
import string

import pytest

from checks.detect.validity import crc_base62
from tests.checks.conftest import random_token

DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 62 + DIGITS.index(digit)
    return value


@pytest.mark.parametrize("prefix", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_"])
def test_the_last_six_are_the_crc_of_the_thirty(prefix: str) -> None:
    test = crc_base62.npm if prefix == "npm_" else crc_base62.github
    for _ in range(50):
        body = random_token("", 30)
        written = crc_base62.checksum(body)
        assert (len(written), number(written)) == (6, binascii.crc32(body.encode()))
        assert test(f"{prefix}{body}{written}") is True
        assert test(f"{prefix}{body}{'0' if written[0] != '0' else '1'}{written[1:]}") is False


def test_another_length_tells_nothing() -> None:
    assert crc_base62.github("ghp_" + random_token("", 70)) is None
