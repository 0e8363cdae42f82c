"""Azure's keys: a fixed signature of four characters near the end, and a checksum behind it.

Layouts and seeds: Microsoft's security-utilities (source), except where a line says otherwise.
"""

from __future__ import annotations

import base64
import zlib

from checks.detect.validity.base64_values import decoded
from checks.detect.validity.marvin import marvin32

_BUSES = ("Send0000", "Listen00", "Manage00", "System00", "Unknown0")
SEEDS = {
    "+ASt": ("Default0",),
    "ACDb": ("MastRW00", "MastRO00", "SystRW00", "SystRO00", "SysAll00", "Resour00", "Encryp00"),
    "+ABa": ("AbAcct00",),
    "+AMC": ("Classic0",),
    "APIM": ("Tenant00", "IoTHub00", "Gatewy00", "GitKey00"),
    "AzFu": ("Master00", "System00", "Functi00"),
    "AzSe": ("Query000", "PAdmin00"),
    "+ACR": ("ACRDflt0",),
    "AzCa": ("Access00",),
    "AIoT": ("IoTHub00", "DpsKey00", "Device00"),
    "+SQL": ("UsrPwd00",),
    "+ASb": _BUSES,
    "+AEh": _BUSES,
    "+ARm": _BUSES,
}
"""The seeds of each signature: eight letters that are a number of 64 bits."""
_TAIL = 10
_REDIS = "AzCa"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_COVERED, _MARK = 60, 80
_DEVOPS_PLACES = (22, 8, 7, 2)
_DEVOPS_MASKS = (0xE0B9692D, 0x1019F92E)


def seed_of(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def identifiable(key: str) -> bool | None:
    """None for Redis when it fails: there, two characters are replaced after the sum was written."""
    text = key.replace("%3D", "=").replace("%3d", "=").rstrip("=")
    data = decoded(text)
    signature = text[-_TAIL : -_TAIL + 4]
    if not data or len(data) < 20:
        return False
    total = int.from_bytes(data[-4:], "little")
    passed = any(marvin32(data[:-4], seed_of(name)) == total for name in SEEDS.get(signature, ()))
    return None if signature == _REDIS and not passed else passed


def annotated(key: str) -> bool | None:
    """The common annotated key: True when its sum holds. Many published ones fail, so that nothing else is said."""
    data = decoded(key)
    if not data or len(data) < _COVERED:
        return None
    total = marvin32(data[:_COVERED], seed_of("Default0")).to_bytes(4, "little")
    plain = base64.b64encode(total).decode()
    tail = key.rstrip("=")[_MARK:]
    return True if tail and any(form.startswith(tail) for form in (annotated_sum(total), plain)) else None


def annotated_sum(total: bytes) -> str:
    """Six digits of base 62 of four bytes."""
    number, digits = int.from_bytes(total, "big"), ""
    while number:
        number, digit = divmod(number, 62)
        digits = _DIGITS[digit] + digits
    return digits.rjust(6, "0")


def devops(key: str) -> bool | None:
    """The older personal access token. Described by the source but never seen to hold: failing says nothing."""
    try:
        data = base64.b32decode(key.upper() + "=" * (-len(key) % 8))
    except ValueError:
        return None
    if len(data) != 32:
        return None
    total = int.from_bytes(bytes(data[place] for place in _DEVOPS_PLACES), "little")
    rest = bytes(byte for place, byte in enumerate(data) if place not in _DEVOPS_PLACES)
    return True if any(zlib.crc32(rest) ^ mask == total for mask in _DEVOPS_MASKS) else None
