"""Private keys that stand in base64 around their armour, as kubeconfig files and CI variables hold them."""

from __future__ import annotations

from checks import late
from checks.detect.validity.base64_values import decoded_text

_KEY = late.compile(r"-----BEGIN (?P<words>[A-Z0-9 ]{0,30}PRIVATE KEY)-----")
_BODY = 60


def private_key(token: str) -> bool:
    """Whether it decodes to a private key that no pass phrase protects."""
    text = decoded_text(token) or ""
    match = _KEY.search(text)
    return bool(match and "ENCRYPTED" not in text and len(text) > match.end() + _BODY)


def service_account(token: str) -> bool:
    """Google's key file: the JSON that names the account and holds its key."""
    text = decoded_text(token) or ""
    return '"service_account"' in text and '"private_key"' in text and "PRIVATE KEY-----" in text
