"""`user:password` in base64 (RFC 7617), as container engines and package managers store it."""

from __future__ import annotations

from checks.detect.validity.base64_values import decoded_text
from checks.detect.values import not_a_secret


def login(token: str) -> bool:
    """Whether it decodes to a user, a colon and a password that are text of one line, and no placeholder."""
    user, colon, password = (decoded_text(token) or "").partition(":")
    one_line = not any(char in "\r\n" for char in user + password)
    return bool(user and colon) and one_line and not not_a_secret(password)


def text(token: str) -> bool:
    """Whether it decodes to one line of text: a password in base64."""
    found = decoded_text(token)
    return bool(found) and "\n" not in (found or "") and not not_a_secret(found or "")
