"""PGP secret keys (RFC 4880, RFC 9580): the armour's checksum, and whether a pass phrase protects the first key."""

from __future__ import annotations

import re

from checks import late
from checks.detect.validity.base64_values import decoded

_BODY = late.compile(r"KEY BLOCK-----(?P<body>.*)-----END", re.DOTALL)
_LINE_END = late.compile(r"(?:\\[nr]|[\r\n])+")
_SECRET_KEY = 5
_CRC24_START, _CRC24_POLYNOMIAL = 0xB704CE, 0x1864CFB
_NUMBERS = {1: 2, 2: 2, 3: 2, 16: 3, 17: 4}
"""Public numbers of each algorithm: RSA, Elgamal, DSA."""
_CURVES = {18: True, 19: False, 22: False}
"""Algorithms on a named curve; ECDH has one more field."""
_FIXED = {25: 32, 26: 56, 27: 32, 28: 57}
"""Bytes of the public part of the algorithms of RFC 9580."""
_PROTECTED = (253, 254, 255)
_V4_HEAD = 6


def unprotected(token: str) -> bool | None:
    """None where the packet is of a version or an algorithm that is not known here."""
    data = _data(token)
    packet = _first_packet(data) if data else None
    if packet is None:
        return False
    if len(packet) < _V4_HEAD or packet[0] != 4:
        return None
    usage = _after_public_part(packet[5], packet[_V4_HEAD:])
    return usage[0] not in _PROTECTED if usage else None


def crc24(data: bytes) -> int:
    total = _CRC24_START
    for byte in data:
        total ^= byte << 16
        for _ in range(8):
            total <<= 1
            total ^= _CRC24_POLYNOMIAL if total & 0x1000000 else 0
    return total


def _data(token: str) -> bytes | None:
    """What the armour holds; None where its checksum is there and wrong."""
    match = _BODY.search(token)
    lines = [line.strip(" \t\"',") for line in _LINE_END.split(match["body"])] if match else []
    held = [line for line in lines if line and ":" not in line]
    sums = [line for line in held if line.startswith("=")]
    data = decoded("".join(line for line in held if not line.startswith("="))) or b""
    if sums and decoded(sums[0][1:]) != crc24(data).to_bytes(3, "big"):
        return None
    return data


def _first_packet(data: bytes) -> bytes | None:
    """The body of the first packet, which may be cut; None where it is no secret key."""
    if len(data) < 6 or not data[0] & 0x80:
        return None
    if data[0] & 0x40:
        tag, size = data[0] & 0x3F, 1 if data[1] < 192 else 2 if data[1] < 224 else 5
    else:
        tag, size = data[0] >> 2 & 0x0F, (1, 2, 4, 0)[data[0] & 3]
    return data[1 + size :] if tag == _SECRET_KEY else None


def _after_public_part(algorithm: int, data: bytes) -> bytes:
    """What follows the public part: the byte that says how the secret part is protected, then that part."""
    if algorithm in _FIXED:
        return data[_FIXED[algorithm] :]
    numbers, more = _NUMBERS.get(algorithm, 1 if algorithm in _CURVES else 0), _CURVES.get(algorithm, False)
    if algorithm in _CURVES:
        data = data[1 + data[0] :] if data else b""
    for _ in range(numbers):
        data = data[2 + (int.from_bytes(data[:2], "big") + 7) // 8 :]
    if more and data:
        data = data[1 + data[0] :]
    return data if numbers else b""
