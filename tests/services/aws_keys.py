"""Access keys of nobody, in the form of Amazon's."""

from __future__ import annotations

import base64
import secrets

ACCOUNT = 123456789012


def aws_id() -> str:
    """An id whose account number reads as one (token-format research, section 2.6)."""
    data = bytearray((ACCOUNT << 7).to_bytes(6, "big") + secrets.token_bytes(4))
    data[0] |= 0x80
    return "AKIA" + base64.b32encode(bytes(data)).decode()


def aws_secret() -> str:
    """Forty characters; the last four, which a mask shows, are letters and digits."""
    text = base64.b64encode(secrets.token_bytes(30)).decode()
    return text[:36] + "".join(char if char.isalnum() else "x" for char in text[36:])
