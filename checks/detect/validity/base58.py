"""Numbers in base 58, the alphabet without 0, I, O and l."""

from __future__ import annotations

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LONGEST = 200


def number_of(text: str) -> int | None:
    """None for other characters and for more than any token has."""
    if not text or len(text) > _LONGEST:
        return None
    number = 0
    for char in text:
        digit = ALPHABET.find(char)
        if digit < 0:
            return None
        number = number * 58 + digit
    return number
