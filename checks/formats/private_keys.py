"""Private keys in text: where they stand and whether a passphrase protects them. The key itself is never kept.

Containers: PROTOCOL.key of OpenSSH; RFC 1421 (`Proc-Type`), RFC 5958 (PKCS#8); PuTTY's `Encryption:` line.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

from checks import late
from checks.formats.text_positions import Lines

_BEGIN = late.compile(r"-----BEGIN (?P<kind>(?:[A-Z0-9]{1,12} ){0,3})PRIVATE KEY-----[ \t\r]*\n")
_PUTTY = late.compile(r"^PuTTY-User-Key-File-[0-9]: (?P<type>[^\r\n]{1,60})\r?\nEncryption: (?P<cipher>\S{1,30})", re.M)
_MAGIC = b"openssh-key-v1\0"
_HEAD = 4096
"""Characters of a key that are looked at: cipher and type stand at its beginning."""
_SHORTEST_BODY = 40
"""Characters of base64 below which an armour is somebody's example."""


class PrivateKey(NamedTuple):
    """One private key; `line` is that of its header, `hardware` tells that a device holds the secret part."""

    line: int
    column: int
    protected: bool
    hardware: bool = False


def private_keys(text: str) -> Iterator[PrivateKey]:
    """Every private key of the text whose body could be one."""
    lines = Lines(text)
    for match in _BEGIN.finditer(text):
        head = text[match.end() : match.end() + _HEAD].partition("-----")[0]
        line, column = lines.at(match.start())
        if match["kind"].strip() == "OPENSSH":
            yield from _openssh(head, line, column)
        elif "Proc-Type:" in head or "ENCRYPTED" in match["kind"]:
            yield PrivateKey(line, column, protected=True)
        elif _body(head):
            yield PrivateKey(line, column, protected=False)
    for match in _PUTTY.finditer(text):
        line, column = lines.at(match.start())
        yield PrivateKey(line, column, protected=match["cipher"] != "none")


def _openssh(head: str, line: int, column: int) -> Iterator[PrivateKey]:
    body = _body(head)
    if not body.startswith(_MAGIC):
        return
    cipher, rest = _string(body[len(_MAGIC) :])
    for _ in range(2):  # name and options of the key derivation
        _, rest = _string(rest)
    kind, _ = _string(_string(rest[4:])[0])
    yield PrivateKey(line, column, protected=cipher != b"none", hardware=kind.startswith(b"sk-"))


def _string(data: bytes) -> tuple[bytes, bytes]:
    """A string with its length before it, and what follows it."""
    end = 4 + int.from_bytes(data[:4], "big")
    return data[4:end], data[end:]


def _body(head: str) -> bytes:
    """The first bytes that the base64 stands for, or none where it is too short or no base64."""
    joined = "".join(head.split())
    if len(joined) < _SHORTEST_BODY:
        return b""
    try:
        return base64.b64decode(joined[: len(joined) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return b""
