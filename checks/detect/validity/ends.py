"""Tokens that carry their end in plain sight."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from urllib.parse import unquote

from checks import late
from checks.detect.validity.base64_values import decoded

_EXPIRY = late.compile(r"[;:]exp=(?P<end>\d{10})\b")
_SIGNATURE = late.compile(r"[?&;]sig=(?P<value>[^&\s]{20,200})")
_END = late.compile(r"(?:^|[?&;])se=(?P<end>[^&\s]{8,40})")


def copilot(token: str) -> bool:
    match = _EXPIRY.search(token)
    return bool(match and int(match["end"]) > time.time())


def shared_access_signature(token: str) -> bool | None:
    """Azure: False for a signature that is not 32 bytes and for one that has ended; None when no end stands there."""
    signature, end = _SIGNATURE.search(token), _END.search(token)
    if not signature or len(decoded(unquote(signature["value"])) or b"") != 32:
        return False
    if not end:
        return None
    try:
        moment = datetime.fromisoformat(unquote(end["end"]))
    except ValueError:
        return False
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() > time.time()
