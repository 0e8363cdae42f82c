"""Tokens of the Python package index: `pypi-` and a macaroon of version 2, base64url without padding.

Layout: libmacaroons' binary format, version 2; caveats as the index's source writes them. The signature cannot be
checked without the server's key.
"""

from __future__ import annotations

import json
import time

from checks.detect.validity.base64_values import decoded

_LOCATION, _IDENTIFIER, _SIGNATURE, _END = 1, 2, 6, 0
_SIGNATURE_SIZE = 32
_WINDOW = 0
"""Number of the caveat `[0, expiry, not before]`."""


def test(token: str) -> bool:
    """False for what is not such a macaroon and for one whose time is over."""
    data = decoded(token.removeprefix("pypi-"))
    parsed = _parsed(data) if data else None
    return parsed is not None and not any(_is_over(caveat) for caveat in parsed)


def _parsed(data: bytes) -> list[bytes] | None:
    """The caveats; None where the bytes are not a whole macaroon."""
    fields = _fields(data)
    kinds = [kind for kind, _ in fields]
    if data[:1] != b"\x02" or kinds[:3] != [_LOCATION, _IDENTIFIER, _END] or kinds[-2:] != [_END, _SIGNATURE]:
        return None
    host = fields[0][1]
    if b"." not in host or not host.isascii() or len(fields[-1][1]) != _SIGNATURE_SIZE:
        return None
    return [value for kind, value in fields[3:-1] if kind == _IDENTIFIER]


def _fields(data: bytes) -> list[tuple[int, bytes]]:
    """(kind, value) in order, empty where a length runs over the end."""
    fields, position = [], 1
    while position < len(data):
        kind = data[position]
        position += 1
        if kind == _END:
            fields.append((_END, b""))
            continue
        size, position = _varint(data, position)
        if size < 0 or position + size > len(data):
            return []
        fields.append((kind, data[position : position + size]))
        position += size
    return fields


def _varint(data: bytes, position: int) -> tuple[int, int]:
    size = shift = 0
    while position < len(data) and shift < 28:
        byte = data[position]
        size |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return size, position
    return -1, position


def _is_over(caveat: bytes) -> bool:
    try:
        value = json.loads(caveat)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, list) or len(value) < 2 or value[0] != _WINDOW or isinstance(value[0], bool):
        return False
    return isinstance(value[1], (int, float)) and value[1] < time.time()
