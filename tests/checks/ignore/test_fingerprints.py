from __future__ import annotations

import hashlib

import pytest

from checks.ignore.fingerprints import SharedKey, is_fingerprint
from checks.model.secret import Secret
from checks.model.token_kinds import TOKEN_KINDS
from tests.checks.conftest import random_password, random_token


def test_of_a_token() -> None:
    token, key = random_token("ghp_", 36), SharedKey.new()
    found = key.of(Secret(token))
    assert found == hashlib.scrypt(token.encode(), salt=bytes.fromhex(key.text), n=4096, r=8, p=1, dklen=16).hex()
    assert is_fingerprint(found)
    assert SharedKey.of_text(key.text.upper()) is not None
    again = SharedKey.of_text(key.text)
    assert again is not None and again.of(Secret(token)) == found
    assert SharedKey.new().of(Secret(token)) != found
    assert key.of(Secret(random_token("ghp_", 36))) != found


def test_a_form_that_a_rule_knew_counts() -> None:
    assert SharedKey.new().of(Secret(random_password(), TOKEN_KINDS[0]))


def test_never_of_a_password() -> None:
    assert SharedKey.new().of(Secret(random_password())) is None


@pytest.mark.parametrize("text", ["", "00", "g" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"])
def test_no_key(text: str) -> None:
    assert SharedKey.of_text(text) is None


def test_does_not_print_itself() -> None:
    key = SharedKey.new()
    assert key.text not in f"{key!r} {key}"
