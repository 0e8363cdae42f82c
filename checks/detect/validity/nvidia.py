"""NVIDIA's older keys: base64 of 26 characters, a colon and a UUID."""

from __future__ import annotations

from checks import late
from checks.detect.validity.base64_values import decoded_text

_KEY = late.compile(r"[a-z0-9]{26}:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def test(token: str) -> bool:
    return bool(_KEY.fullmatch(decoded_text(token) or ""))
