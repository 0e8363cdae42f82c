"""Marvin32, the keyed checksum in Azure's keys: Microsoft's security-utilities and .NET sources describe it."""

from __future__ import annotations

_MASK = 0xFFFFFFFF


def marvin32(data: bytes, seed: int) -> int:
    """32 bits. `seed` has 64."""
    first, second = seed & _MASK, seed >> 32 & _MASK
    whole = len(data) // 4 * 4
    for offset in range(0, whole, 4):
        first = first + int.from_bytes(data[offset : offset + 4], "little") & _MASK
        first, second = _mixed(first, second)
    rest = (data[whole:] + b"\x80").ljust(4, b"\0")
    first = first + int.from_bytes(rest, "little") & _MASK
    first, second = _mixed(*_mixed(first, second))
    return first ^ second


def _mixed(first: int, second: int) -> tuple[int, int]:
    second ^= first
    first = _turned(first, 20) + second & _MASK
    second = _turned(second, 9) ^ first
    first = _turned(first, 27) + second & _MASK
    return first, _turned(second, 19)


def _turned(number: int, bits: int) -> int:
    return (number << bits | number >> 32 - bits) & _MASK
