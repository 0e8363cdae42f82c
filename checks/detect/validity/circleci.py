"""CircleCI's tokens: between prefix and body stands a random UUID in base 58."""

from __future__ import annotations

from checks.detect.validity.base58 import number_of


def test(token: str) -> bool:
    number = number_of(([*token.split("_"), ""])[1])
    return number is not None and number < 1 << 128 and number >> 76 & 0xF == 4
