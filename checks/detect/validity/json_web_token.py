"""Signed web tokens (RFC 7519): three base64url parts, the first two JSON objects, the first with `alg`."""

from __future__ import annotations

import base64
import binascii
import json
import time

_LONGEST = 20_000
_PUBLIC_ROLE = "anon"
"""Supabase's key for browsers."""


def test(token: str) -> bool:
    """False for what cannot be one, is signed by nothing or by a word, has ended, or is meant for browsers."""
    parts = token.split(".")
    if len(parts) < 3 or len(token) > _LONGEST:
        return False
    header, claims = _object(parts[0]), _object(parts[1])
    algorithm = header.get("alg") if header and claims is not None else None
    if not claims or not isinstance(algorithm, str) or algorithm.lower() == "none" or len(parts[2]) < 40:
        return False
    end = claims.get("exp")
    return not (isinstance(end, (int, float)) and end < time.time()) and claims.get("role") != _PUBLIC_ROLE


def claims_of(token: str) -> dict[str, object]:
    """The claims, empty where they cannot be read."""
    parts = token.split(".")
    return (_object(parts[1]) if len(parts) > 2 and len(token) <= _LONGEST else None) or {}


def _object(part: str) -> dict[str, object] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return value if isinstance(value, dict) else None
