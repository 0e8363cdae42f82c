"""What stands in base64: logins, passwords, private keys, NVIDIA's keys; and what names its own end."""

from __future__ import annotations

import base64
import secrets
import time
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.detect.validity import basic_login, ends, nvidia, wrapped_keys
from checks.detect.validity.base64_values import decoded, decoded_text

HEAD = f"-----BEGIN {'PRIVATE KEY'}-----"
SECONDS = "%Y-%m-%dT%H:%M:%SZ"


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


@given(st.binary(max_size=200))
def test_both_alphabets_with_and_without_padding(data: bytes) -> None:
    for text in (base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()):
        assert decoded(text) == decoded(text.rstrip("=")) == decoded(text.replace("=", "%3D")) == data


@pytest.mark.parametrize("text", ["A", "AAAAA", "A.AA", "ÄAAA", "AA AA", "AA=A"])
def test_what_is_not_base64(text: str) -> None:
    assert decoded(text) is None


def test_only_text_is_text() -> None:
    assert decoded_text(b64("gr\u00fc\u00dfe\n")) == "gr\u00fc\u00dfe\n"
    assert decoded_text(b64(b"\xff\xfe")) is None
    assert decoded_text(b64("a\x00b")) is None
    assert decoded_text("") is None


def test_logins() -> None:
    password = secrets.token_urlsafe(12)
    assert basic_login.login(b64(f"user:{password}")) is True
    assert basic_login.login(b64(f"user:{password}:{password}")) is True
    for text in (f":{password}", "user:", password, f"user:a\n{password}"):
        assert basic_login.login(b64(text)) is False
    assert basic_login.login(b64(b"\x80:" + secrets.token_bytes(20))) is False
    assert basic_login.text(b64(password)) is True
    assert basic_login.text(b64(f"a\n{password}")) is False


def armoured(words: str, size: int = 800, extra: str = "") -> str:
    return f"-----BEGIN {words}-----\n{extra}{b64(secrets.token_bytes(size))}\n-----END {words}-----\n"


@pytest.mark.parametrize("words", ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"])
def test_private_keys_in_base64(words: str) -> None:
    assert wrapped_keys.private_key(b64(armoured(words))) is True


def test_what_is_no_open_private_key() -> None:
    assert wrapped_keys.private_key(b64(armoured("ENCRYPTED PRIVATE KEY"))) is False
    assert wrapped_keys.private_key(b64(armoured("RSA PRIVATE KEY", extra="Proc-Type: 4,ENCRYPTED\n"))) is False
    assert wrapped_keys.private_key(b64(armoured("CERTIFICATE"))) is False
    assert wrapped_keys.private_key(b64(f"{HEAD}\n...")) is False


def test_a_service_accounts_file() -> None:
    whole = f'{{"type": "service_account", "private_key": "{HEAD}"}}'
    assert wrapped_keys.service_account(b64(whole)) is True
    assert wrapped_keys.service_account(b64(whole.replace("service_account", "external_account"))) is False
    assert wrapped_keys.service_account(b64(whole.replace("PRIVATE KEY", "CERTIFICATE"))) is False


def test_nvidia_keys() -> None:
    name = secrets.token_hex(13)
    assert nvidia.test(b64(f"{name}:{uuid.uuid4()}")) is True
    assert nvidia.test(b64(f"{name[1:]}:{uuid.uuid4()}")) is False
    assert nvidia.test(b64(secrets.token_bytes(63))) is False


def test_the_end_of_a_copilot_token() -> None:
    now = int(time.time())
    assert ends.copilot(f"tid={secrets.token_hex(16)};exp={now + 60};sku=x") is True
    assert ends.copilot(f"tid={secrets.token_hex(16)};exp={now - 60};sku=x") is False
    assert ends.copilot(f"tid={secrets.token_hex(16)};sku=x") is False


@pytest.mark.parametrize(
    ("minutes", "form", "answer"),
    [
        (5, "%Y-%m-%dT%H:%M:%SZ", True),
        (-5, "%Y-%m-%dT%H:%M:%SZ", False),
        (3000, "%Y-%m-%d", True),
        (5, "some-other-day", False),
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_the_end_of_an_access_signature(minutes: int, form: str, answer: bool, quoted: bool) -> None:
    end = (datetime.now(UTC) + timedelta(minutes=minutes)).strftime(form)
    signature = quote(b64(secrets.token_bytes(32)), safe="")
    assert ends.shared_access_signature(f"sv=2024-11-04&se={quote(end) if quoted else end}&sig={signature}") is answer


def test_other_access_signatures() -> None:
    signature = quote(b64(secrets.token_bytes(32)), safe="")
    assert ends.shared_access_signature(f"sv=2024-11-04&si=policy&sig={signature}") is None
    assert ends.shared_access_signature(f"sv=2024-11-04&sig={quote(b64(secrets.token_bytes(31)), safe='')}") is False
    assert ends.shared_access_signature("sv=2024-11-04") is False
