"""AWS: accounts in key ids, ends of signed addresses, what Bedrock's and the registry's passwords hold."""

from __future__ import annotations

import base64
import json
import secrets
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.detect.validity import aws


def key_id(account: int, first: int = 1, rest: int = 0) -> str:
    """Bit 1 to 47 of six bytes hold the account and seven bits below it; the highest is always set."""
    number = first << 47 | account << 7 | rest & 0x7F
    return "AKIA" + base64.b32encode(number.to_bytes(6, "big") + secrets.token_bytes(4)).decode()


@given(st.integers(0, 10**12 - 1), st.integers(0, 127))
def test_the_account_stands_in_the_id(account: int, rest: int) -> None:
    made = key_id(account, rest=rest)
    assert aws.account_of(made) == account
    assert aws.key_id(made) is True


@given(st.integers(10**12, 2**40 - 1))
def test_an_account_of_thirteen_digits_is_none(account: int) -> None:
    assert aws.key_id(key_id(account)) is False


@pytest.mark.parametrize("fifth", ["I", "J"])
def test_older_ids_do_not_tell(fifth: str) -> None:
    assert aws.key_id("AKIA" + fifth + "A" * 15) is None
    assert aws.key_id("AKIA" + "A" * 10) is None
    assert aws.key_id("AKIA" + "8" * 16) is None


def signed(begun: int, life: int) -> str:
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(begun))
    return f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}&X-Amz-Expires={life}&X-Amz-Signature={'0' * 64}"


def test_the_end_of_a_signed_address() -> None:
    now = int(time.time())
    assert aws.signed_address(signed(now - 100, 3600)) is True
    assert aws.signed_address(signed(now - 100, 60)) is False
    assert aws.signed_address("X-Amz-Date=20269940T000000Z&X-Amz-Expires=60") is False
    assert aws.signed_address("X-Amz-Signature=00") is None


def test_bedrock_keys() -> None:
    text = f"BedrockAPIKey-ab12-at-123456789012:{secrets.token_urlsafe(30)}"
    assert aws.bedrock_key("ABSK" + base64.b64encode(text.encode()).decode()) is True
    other = text.replace("-at-", "-by-")
    assert aws.bedrock_key("ABSK" + base64.b64encode(other.encode()).decode()) is False
    assert aws.bedrock_key("ABSK" + secrets.token_urlsafe(90)) is False


def test_short_lived_bedrock_keys() -> None:
    now = int(time.time())
    for life, answer in ((3600, True), (10, False)):
        address = base64.b64encode(f"bedrock.test/?{signed(now - 60, life)}".encode()).decode()
        assert aws.bedrock_short_key(f"bedrock-api-key-{address}") is answer


@pytest.mark.parametrize("wrapped", [False, True])
def test_registry_passwords(wrapped: bool) -> None:
    def password(end: object, key: str = "payload") -> str:
        blob = base64.b64encode(json.dumps({key: "x", "expiration": end}).encode()).decode()
        return base64.b64encode(f"AWS:{blob}".encode()).decode() if wrapped else blob

    now = time.time()
    assert aws.registry_password(password(now + 60)) is True
    assert aws.registry_password(password(now - 60)) is False
    assert aws.registry_password(password("soon")) is False
    assert aws.registry_password(password(now + 60, key="other")) is False


def test_mail_passwords() -> None:
    body = secrets.token_bytes(32)
    assert aws.smtp_password(base64.b64encode(b"\x04" + body).decode()) is True
    assert aws.smtp_password(base64.b64encode(b"\x05" + body).decode()) is False
    assert aws.smtp_password(base64.b64encode(b"\x04" + body[:-1]).decode()) is False
