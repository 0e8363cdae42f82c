"""JFrog's tokens: what their base 58 and base64 decode to, seen on published values."""

from __future__ import annotations

import time

from checks import late
from checks.detect.validity.base58 import number_of
from checks.detect.validity.base64_values import decoded_text

_BYTES = 54
_REFERENCE = late.compile(r"reftkn:\d\d:(?P<end>\d{10}):\S{8,}")


def api_key(token: str) -> bool:
    """54 bytes that begin with 01 FD E0 F."""
    number = number_of(token)
    return number is not None and number >> (8 * (_BYTES - 4) + 4) == 0x1FDE0F


def reference(token: str) -> bool:
    """Text with the end in seconds, zeros for none; False once it has ended."""
    match = _REFERENCE.fullmatch(decoded_text(token) or "")
    return bool(match and (int(match["end"]) == 0 or int(match["end"]) > time.time()))
