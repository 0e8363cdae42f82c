"""Sortable ids (KSUID): 27 characters in base 62 hold twenty bytes, the first four the seconds since May 2014."""

from __future__ import annotations

import time

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH, _BITS_AFTER_TIME = 27, 128
_EPOCH = 1_400_000_000
_EARLIEST = 1_451_606_400
"""2016: ngrok's tokens of this form are younger."""
_DAY = 86_400


def ngrok(token: str) -> bool:
    """False for a date before the form existed or after tomorrow: invented."""
    made = seconds(token.partition("_")[0])
    return made is not None and _EARLIEST <= made <= time.time() + _DAY


def seconds(text: str) -> int | None:
    """When it was made, in Unix seconds; None for what is no such id."""
    if len(text) != _LENGTH or any(char not in _DIGITS for char in text):
        return None
    number = 0
    for char in text:
        number = number * len(_DIGITS) + _DIGITS.index(char)
    return (number >> _BITS_AFTER_TIME) + _EPOCH if number < 1 << 160 else None
