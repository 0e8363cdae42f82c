"""Seeds of NATS: base32 of two bytes of kind, 32 of seed and a CRC-16 (XMODEM), least significant byte first."""

from __future__ import annotations

import base64
import binascii

_LENGTH = 58
_SEED = 18 << 3
"""Top five bits of the first byte of every seed: the letter S."""


def seed(token: str) -> bool:
    if len(token) != _LENGTH:
        return False
    try:
        data = base64.b32decode(token + "=" * (-_LENGTH % 8))
    except (ValueError, binascii.Error):
        return False
    body = data[:-2]
    return body[0] & 0xF8 == _SEED and binascii.crc_hqx(body, 0).to_bytes(2, "little") == data[-2:]
