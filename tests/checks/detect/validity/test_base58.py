from __future__ import annotations

import secrets
import time
import uuid

import pytest

from checks.detect.validity import circleci, jfrog
from checks.detect.validity.base58 import ALPHABET, number_of
from tests.checks.detect.token_parts import b64


def base58(number: int) -> str:
    digits = []
    while number:
        digits.append(ALPHABET[number % 58])
        number //= 58
    return "".join(reversed(digits))


def test_the_vector_of_the_base58_draft() -> None:
    assert number_of("2NEpo7TZRRrLZSi2U") == int.from_bytes(b"Hello World!", "big")


@pytest.mark.parametrize("text", ["", "0", "O", "I", "l", "a b", "1" * 201])
def test_what_is_no_number(text: str) -> None:
    assert number_of(text) is None


def test_a_uuid_stands_in_a_circleci_token() -> None:
    assert circleci.test(f"CCIPAT_{base58(uuid.uuid4().int)}_{secrets.token_hex(20)}") is True
    assert circleci.test(f"CCIPAT_{base58(uuid.uuid1().int)}_{secrets.token_hex(20)}") is False
    assert circleci.test(f"CCIPAT_{base58(1 << 130 | 4 << 76)}_{secrets.token_hex(20)}") is False
    assert circleci.test("CCIPAT") is False


def test_the_first_bytes_of_a_jfrog_key() -> None:
    key = base58(int.from_bytes(b"\x01\xfd\xe0\xf5" + secrets.token_bytes(50), "big"))
    assert (len(key), key[:4]) == (73, "AKCp")
    assert jfrog.api_key(key) is True
    assert jfrog.api_key(base58(int.from_bytes(b"\x01\xfd\xe0\xe5" + secrets.token_bytes(50), "big"))) is False
    assert jfrog.api_key(key[:-1]) is False


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("reftkn:01:SOON:", True),
        ("reftkn:01:0000000000:", True),
        ("reftkn:01:PAST:", False),
        ("reftkn:01:123:", False),
        ("another:01:0000000000:", False),
    ],
)
def test_the_end_of_a_jfrog_reference(text: str, answer: bool) -> None:
    now = int(time.time())
    text = text.replace("SOON", str(now + 600)).replace("PAST", str(now - 600))
    assert jfrog.reference(b64(text + secrets.token_hex(13))) is answer
