"""Private keys in armour: whether what stands between the lines is a key, and whether a pass phrase protects it."""

from __future__ import annotations

import re

from checks import late
from checks.detect.validity.base64_values import decoded

_ARMOUR = late.compile(r"-----BEGIN (?P<words>[A-Z0-9 ]{1,40})-----(?P<body>.*)-----END (?P=words)-----", re.DOTALL)
_ESCAPED = late.compile(r"\\[nrt]")
_NOT_BASE64 = late.compile(r"[^A-Za-z0-9+/=]")
_BEGINNINGS = {
    "RSA PRIVATE KEY": (b"\x02\x01\x00\x02", b"\x02\x01\x01\x02"),
    "DSA PRIVATE KEY": (b"\x02\x01\x00\x02",),
    "EC PRIVATE KEY": (b"\x02\x01\x01\x04",),
    "PRIVATE KEY": (b"\x02\x01\x00\x30", b"\x02\x01\x01\x30"),
}
"""The first members of each sequence: the version as an integer, then the tag of what follows."""
_OPENSSH_HEAD = b"openssh-key-v1\0"


def der(token: str) -> bool:
    """PKCS#1, SEC1, DSA and PKCS#8: a sequence as long as the text says, with the members of its kind."""
    words, data = _opened(token)
    body = _sequence(data)
    return body is not None and body.startswith(_BEGINNINGS.get(words, ()))


def openssh_body(token: str) -> bool:
    """What follows the head of an open key, cut at its end: the private part begins with one number twice."""
    text = _base64_of(token)
    _, rest = _field(decoded(text[: len(text) // 4 * 4]) or b"")
    return len(rest) > 40 and rest[4:8] == rest[8:12]


def openssh_encrypted(token: str) -> bool:
    words, data = _opened(token)
    cipher, _ = _field(data[len(_OPENSSH_HEAD) :])
    return words == "OPENSSH PRIVATE KEY" and data.startswith(_OPENSSH_HEAD) and cipher not in (b"", b"none")


def _opened(token: str) -> tuple[str, bytes]:
    """The words of the armour and the bytes within."""
    match = _ARMOUR.search(token)
    return (match["words"], decoded(_base64_of(match["body"])) or b"") if match else ("", b"")


def _base64_of(text: str) -> str:
    return _NOT_BASE64.sub("", _ESCAPED.sub("", text))


def _sequence(data: bytes) -> bytes | None:
    """What a DER sequence holds; None where its length is not that of the data."""
    if len(data) < 2 or data[0] != 0x30:
        return None
    more = data[1] & 0x7F if data[1] & 0x80 else 0
    size = int.from_bytes(data[2 : 2 + more], "big") if more else data[1]
    body = data[2 + more :]
    return body if more < 4 and len(body) == size else None


def _field(data: bytes) -> tuple[bytes, bytes]:
    """A field with its length in four bytes before it, and what follows it."""
    size = int.from_bytes(data[:4], "big")
    return (data[4 : 4 + size], data[4 + size :]) if len(data) >= 4 + size else (b"", b"")
