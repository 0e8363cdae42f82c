"""Synapse's access tokens: the last six characters are the CRC-32 of all before them, in base 62 (its source)."""

from __future__ import annotations

from checks.detect.validity.crc_base62 import checksum


def synapse(token: str) -> bool:
    body, mark, found = token.rpartition("_")
    return bool(mark) and body.isascii() and found == checksum(body)
