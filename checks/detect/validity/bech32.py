"""age's secret keys: bech32 (BIP 173), whose last six characters check all the others."""

from __future__ import annotations

_DIGITS = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_LONGEST = 5000


def age(token: str) -> bool:
    head, _, body = token.rpartition("1")
    if not head or len(token) > _LONGEST or not head.isascii() or any(char not in _DIGITS for char in body):
        return False
    prefix = [ord(char) for char in head.lower()]
    values = [value >> 5 for value in prefix] + [0] + [value & 31 for value in prefix]
    return polymod([*values, *(_DIGITS.index(char) for char in body)]) == 1


def polymod(values: list[int]) -> int:
    """The checksum of five-bit numbers: 1 over a whole key."""
    total = 1
    for value in values:
        top, total = total >> 25, (total & 0x1FFFFFF) << 5 ^ value
        for bit, step in enumerate(_STEPS):
            total ^= step if top >> bit & 1 else 0
    return total
