"""Tokens that end with their CRC-32 in eight hexadecimal digits.

Grafana's service accounts (its source): of `glsa_` and the secret, least significant byte first. Cloudflare (observed
on published values): of the forty characters alone, most significant first.
"""

from __future__ import annotations

import zlib

_SUM = 8
_GRAFANA_HEAD, _GRAFANA_SECRET = "glsa_", 32
_CLOUDFLARE_BODY = 40


def grafana(token: str) -> bool:
    body, _, found = token.rpartition("_")
    if not body.startswith(_GRAFANA_HEAD) or len(body) != len(_GRAFANA_HEAD) + _GRAFANA_SECRET:
        return False
    return found.lower() == _crc(body).to_bytes(4, "little").hex()


def cloudflare(token: str) -> bool:
    body = token.partition("_")[2]
    return len(body) == _CLOUDFLARE_BODY + _SUM and body[-_SUM:] == f"{_crc(body[:-_SUM]):08x}"


def _crc(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogateescape"))
