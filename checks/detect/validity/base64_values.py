"""Base64 in both alphabets, with or without padding, as tokens carry it."""

from __future__ import annotations

import base64
import binascii

_LONGEST = 40_000


def decoded(text: str) -> bytes | None:
    """The bytes, None where the text is not base64 throughout. An escaped `=` counts as one."""
    body = text.replace("%3D", "=").replace("%3d", "=").rstrip("=")
    if len(body) > _LONGEST or len(body) % 4 == 1 or not body.isascii():
        return None
    standard = body.replace("-", "+").replace("_", "/") + "=" * (-len(body) % 4)
    try:
        return base64.b64decode(standard, validate=True)
    except binascii.Error:
        return None


def decoded_text(text: str) -> str | None:
    """The same as text, None where it is not printable UTF-8."""
    data = decoded(text)
    try:
        found = data.decode() if data else ""
    except UnicodeDecodeError:
        return None
    return found if found and (found.isprintable() or _is_plain(found)) else None


def _is_plain(text: str) -> bool:
    return all(char.isprintable() or char in "\n\r\t" for char in text)
