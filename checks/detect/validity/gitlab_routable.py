"""GitLab's routable tokens: prefix, payload, `.`, version, payload length, CRC-32 in base 36.

GitLab's source (version 1, `.01.`) and its design text (the early form without a version).
"""

from __future__ import annotations

import zlib

from checks import late
from checks.detect.validity.base64_values import decoded

_ROUTABLE = late.compile(
    r"(?P<prefix>gl[a-z]{2,8}-(?:t\d_)?)(?P<payload>[A-Za-z0-9_-]{27,300})\.(?P<version>01\.)?"
    r"(?P<length>[0-9a-z]{2})(?P<sum>[0-9a-z]{7})"
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SUM = 7
_ROUTE = late.compile(rb"(?:[a-z]:[0-9a-z]{1,20}\n?){1,8}")


def test(token: str) -> bool | None:
    """None for GitLab's older forms, which carry no sum."""
    match = _ROUTABLE.fullmatch(token)
    if not match:
        return None
    if match["sum"] != checksum(token[:-_SUM]) or int(match["length"], 36) != len(match["payload"]):
        return False
    data = decoded(match["payload"]) or b""
    return _routed(data, bool(match["version"]))


def checksum(text: str) -> str:
    """Seven digits of base 36, padded with zeros on the left."""
    number, digits = zlib.crc32(text.encode()), ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits.rjust(_SUM, "0")


def _routed(data: bytes, versioned: bool) -> bool:
    """Version 1: random bytes, routing text, its length. Before: routing text, random bytes, their length."""
    if len(data) < 3 or not 0 < data[-1] < len(data) - 1:
        return False
    text = data[-1 - data[-1] : -1] if versioned else data[: -1 - data[-1]]
    return bool(_ROUTE.fullmatch(text))
