"""Vault's service tokens since 1.10: the long ones are a protobuf that begins 08 01 12; the short ones say nothing."""

from __future__ import annotations

from checks.detect.validity.base64_values import decoded

_HEADER = b"\x08\x01\x12"
_SHORT = 60
"""Characters of a token that carries no such header."""


def service(token: str) -> bool | None:
    body = token.split(".")[1] if "." in token else ""
    if len(body) <= _SHORT:
        return None
    return (decoded(body[: len(body) // 4 * 4]) or b"").startswith(_HEADER)
