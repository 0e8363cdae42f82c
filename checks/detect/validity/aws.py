"""What AWS's key ids, Bedrock keys, registry passwords and signed addresses say of themselves.

Key ids: the account stands in them (published write-ups). Signed addresses: AWS, Signature Version 4.
"""

from __future__ import annotations

import base64
import json
import time
from calendar import timegm

from checks import late
from checks.detect.validity.base64_values import decoded, decoded_text

_BODY = 16
_ACCOUNT_MASK, _ACCOUNT_SHIFT, _MOST_ACCOUNTS = 0x7FFFFFFFFF80, 7, 10**12
_BEDROCK = late.compile(r"BedrockAPIKey-[\w-]{1,40}-at-\d{12}:\S{10,}")
_DATE = late.compile(r"X-Amz-Date=(?P<date>\d{8}T\d{6})Z")
_LIFE = late.compile(r"X-Amz-Expires=(?P<seconds>\d{1,7})")
_LOGIN = "AWS:"
_SHORT_TERM = "bedrock-api-key-"


def account_of(key_id: str) -> int | None:
    """The account's number, which may have more digits than an account has; None where the id does not hold it."""
    body = key_id[-_BODY:]
    if len(key_id) != 4 + _BODY or body[0] in "IJ":
        return None  # issued before 2019
    try:
        data = base64.b32decode(body)
    except ValueError:
        return None
    return (int.from_bytes(data[:6], "big") & _ACCOUNT_MASK) >> _ACCOUNT_SHIFT


def key_id(token: str) -> bool | None:
    account = account_of(token)
    return None if account is None else account < _MOST_ACCOUNTS


def bedrock_key(token: str) -> bool:
    text = decoded_text(token.removeprefix("ABSK"))
    return bool(text and _BEDROCK.fullmatch(text))


def bedrock_short_key(token: str) -> bool:
    """False when the signed address inside cannot be read or has ended."""
    text = decoded_text(token.removeprefix(_SHORT_TERM))
    return bool(text) and signed_address(text or "") is True


def signed_address(token: str) -> bool | None:
    """False when its time is over, None when it names no time."""
    date, life = _DATE.search(token), _LIFE.search(token)
    if not date or not life:
        return None
    try:
        start = timegm(time.strptime(date["date"], "%Y%m%dT%H%M%S"))
    except ValueError:
        return False
    return start + int(life["seconds"]) > time.time()


def registry_password(token: str) -> bool:
    """What `aws ecr get-login-password` prints, alone or with its user: a JSON object with an end in it."""
    text = decoded_text(token) or ""
    if text.startswith(_LOGIN):
        text = decoded_text(text.removeprefix(_LOGIN)) or ""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    end = value.get("expiration") if isinstance(value, dict) and "payload" in value else None
    return isinstance(end, (int, float)) and end > time.time()


def smtp_password(token: str) -> bool:
    """SES: a version byte of 4, and a signature of 32 bytes."""
    data = decoded(token)
    return data is not None and len(data) == 33 and data[0] == 4
