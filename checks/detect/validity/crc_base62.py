"""GitHub's classic tokens and npm's: the last six characters are the CRC-32 of the thirty before, in base 62.

Described by GitHub (2021); both held on published samples.
"""

from __future__ import annotations

import zlib

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BODY, _SUM = 30, 6


def github(token: str) -> bool | None:
    """For `ghp_` and its sisters; None for forms of another length, which carry no such sum."""
    return _test(token.partition("_")[2])


def npm(token: str) -> bool | None:
    return _test(token.partition("_")[2])


def checksum(body: str) -> str:
    """Six characters, padded with zeros on the left."""
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits.rjust(_SUM, "0")


def _test(text: str) -> bool | None:
    return text[_BODY:] == checksum(text[:_BODY]) if len(text) == _BODY + _SUM else None
