"""Wallet keys in base58check: the last four bytes are the first of the double SHA-256 of the rest."""

from __future__ import annotations

import hashlib

from checks.detect.validity.base58 import number_of

_SUM = 4
_WIF_SIZES = (33, 34)
"""Version and key; one byte more says that the public key is compressed."""
_WIF_VERSIONS = (0x80, 0xEF)
_EXTENDED_SIZE = 78


def wallet_key(token: str) -> bool:
    """Bitcoin's wallet import format, main and test network."""
    data = _checked(token)
    return len(data) in _WIF_SIZES and data[0] in _WIF_VERSIONS


def extended_key(token: str) -> bool:
    """BIP 32: 78 bytes, the key with a zero before it."""
    data = _checked(token)
    return len(data) == _EXTENDED_SIZE and data[45] == 0


def _checked(text: str) -> bytes:
    """What the text holds without its checksum; empty where that is wrong."""
    number = number_of(text)
    if not number:
        return b""
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, found = data[:-_SUM], data[-_SUM:]
    return body if hashlib.sha256(hashlib.sha256(body).digest()).digest()[:_SUM] == found else b""
