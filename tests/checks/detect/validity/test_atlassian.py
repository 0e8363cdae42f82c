from __future__ import annotations

import base64
import binascii
import secrets
import string

from hypothesis import given
from hypothesis import strategies as st

from checks.detect.validity import atlassian

BODIES = st.text(string.ascii_letters + string.digits, min_size=24, max_size=180)


def made(body: str) -> str:
    return body + binascii.crc32(body.encode()).to_bytes(4, "big").hex().upper()


@given(BODIES)
def test_the_end_is_the_crc_of_the_rest(body: str) -> None:
    assert atlassian.cloud(made(f"ATBB{body}")) is True
    assert atlassian.cloud(made(f"ATBB{body}").replace("ATBB", "ATBC")) is False


@given(BODIES)
def test_an_escaped_equals_sign_is_one(body: str) -> None:
    whole = made(f"ATCTT3xFfG{body}=")
    assert atlassian.cloud(whole) is True
    assert atlassian.cloud(whole.replace("=", "%3D")) is True
    assert atlassian.cloud(whole.replace("=", "\\=")) is True
    assert atlassian.cloud(whole.replace("=", "")) is False


def test_data_center_tokens() -> None:
    def token(text: bytes) -> str:
        return "BBDC-" + base64.b64encode(text + secrets.token_bytes(20)).decode()

    assert atlassian.data_center(token(b"123456789012:")) is True
    assert atlassian.data_center(token(b"12345678901x:")) is False
    assert atlassian.data_center(token(b"1234567890123")) is False
