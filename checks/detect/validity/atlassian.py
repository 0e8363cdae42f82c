"""Atlassian's tokens. Cloud: the last eight characters are the CRC-32 of all before them, in upper-case hexadecimal.

Data Center: base64 of twelve digits, a colon and random bytes. Both held on published values.
"""

from __future__ import annotations

import re
import zlib

from checks import late
from checks.detect.validity.base64_values import decoded

_SUM = 8
_DATA_CENTER = late.compile(rb"\d{12}:.{8,}", re.DOTALL)


def cloud(token: str) -> bool:
    plain = token.replace("%3D", "=").replace("\\=", "=")
    return plain[-_SUM:] == checksum(plain[:-_SUM])


def checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogateescape')):08X}"


def data_center(token: str) -> bool:
    return bool(_DATA_CENTER.fullmatch(decoded(token.removeprefix("BBDC-")) or b""))
