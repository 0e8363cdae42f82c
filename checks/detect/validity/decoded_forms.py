"""Tokens whose base64 or base32 decodes to a known size or to telling text. Observed on published values."""

from __future__ import annotations

import base64
import binascii
import time

from checks import late
from checks.detect.validity.base64_values import decoded

_KEY_SIZE = 32
_HASH_SIZES = (16, 20, 28, 32, 48, 64)
_DISCORD_EPOCH = 1_420_070_400_000
_DAY = 86_400_000
_SEED_SIZES = range(10, 41)
_SNOWFLAKE = late.compile(rb"[1-9][0-9]{16,19}")
_ELASTIC = late.compile(rb"[A-Za-z0-9_-]{20}:[A-Za-z0-9_-]{22}")


def wireguard(token: str) -> bool:
    """32 bytes. Other tools than its own do not clamp them, so no bit is asked for."""
    return len(decoded(token) or b"") == _KEY_SIZE


def transfer_key(token: str) -> bool:
    """A TSIG key: as long as its hash, or as half of it."""
    return len(decoded(token) or b"") in _HASH_SIZES


def discord(token: str) -> bool:
    """The first part is the bot's number, which says when the bot was made: after 2015, before tomorrow."""
    number = decoded(token.partition(".")[0]) or b""
    if not _SNOWFLAKE.fullmatch(number):
        return False
    return 0 < int(number) >> 22 <= time.time() * 1000 + _DAY - _DISCORD_EPOCH


def elastic(token: str) -> bool:
    """An id, a colon, the key."""
    return bool(_ELASTIC.fullmatch(decoded(token) or b""))


def intercom(token: str) -> bool:
    return (decoded(token) or b"").startswith(b"tok:")


def workos(token: str) -> bool:
    """The body is the key's id, as text."""
    body = token.split("_")[-1]
    return (decoded(body[: len(body) // 4 * 4]) or b"").startswith(b"key_")


def one_time_seed(token: str) -> bool:
    """The seed of one-time passwords: base32 of ten bytes or more."""
    text = token.rstrip("=").upper()
    try:
        return len(base64.b32decode(text + "=" * (-len(text) % 8))) in _SEED_SIZES
    except (ValueError, binascii.Error):
        return False
