"""Checksums and sizes of keys: seeds, wallets, sortable ids. Made by other means than the program's."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.detect.validity import base58_check, bech32, decoded_forms, ksuid, nkeys, vault
from checks.detect.validity.catalog import VALIDITY
from tests.checks.detect.key_parts import KEY_MAKERS, digits_of

RANDOM = st.integers(0, 1 << 64).map(Random)
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def other(char: str, alphabet: str) -> str:
    return alphabet[(alphabet.index(char) + 1) % len(alphabet)]


@pytest.mark.parametrize(
    ("test", "maker", "alphabet"),
    [
        ("age", "age-key", BECH32.upper()),
        ("nats-seed", "nats-user", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        ("nats-seed", "nats-account", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        ("wallet-key", "wif", BASE58),
        ("wallet-key", "wif-old", BASE58),
        ("extended-key", "xprv", BASE58),
    ],
)
@settings(deadline=None)
@given(random=RANDOM, place=st.integers(20, 48))
def test_one_wrong_character_is_noticed(test: str, maker: str, alphabet: str, random: Random, place: int) -> None:
    key = KEY_MAKERS[maker](random, "")
    assert VALIDITY[test](key)
    assert VALIDITY[test](key[:place] + other(key[place], alphabet) + key[place + 1 :]) is False
    assert VALIDITY[test](key[:-1]) is False


def test_the_checksum_of_the_standard() -> None:
    """BIP 173 publishes this one; it holds no key."""
    prefix, text = "a", "2uel5l"
    values = [ord(prefix) >> 5, 0, ord(prefix) & 31, *(BECH32.index(char) for char in text)]
    assert bech32.polymod(values) == 1


def test_a_seed_of_another_kind_is_none() -> None:
    public = base64.b32encode(bytes([20 << 3]) + secrets.token_bytes(35)).decode().rstrip("=")
    assert not nkeys.seed(public)
    assert not nkeys.seed("1" * 58)


def test_a_wallet_key_has_a_known_version() -> None:
    for version, fits in ((b"\x80", True), (b"\xef", True), (b"\x00", False)):
        body = version + secrets.token_bytes(32)
        data = body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
        assert base58_check.wallet_key(digits_of(int.from_bytes(data, "big"), BASE58)) is fits


def test_a_public_extended_key_is_none() -> None:
    body = bytes.fromhex("0488b21e") + secrets.token_bytes(41) + b"\x02" + secrets.token_bytes(32)
    data = body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    assert not base58_check.extended_key(digits_of(int.from_bytes(data, "big"), BASE58))


def test_the_date_of_a_published_sortable_id() -> None:
    """From the description of the form: 2017-10-10 04:00:47 UTC."""
    assert ksuid.seconds("0ujtsYcgvSTl8PAuAdqWYSMnLOv") == 1_507_608_047


@pytest.mark.parametrize(("ago", "fits"), [(3600, True), (-90_000, False), (12 * 365 * 86_400, False)])
def test_a_date_that_cannot_be(ago: int, fits: bool) -> None:
    made = int(time.time()) - ago - 1_400_000_000
    text = digits_of(max(made, 0) << 128 | secrets.randbits(128), BASE62, 27)
    assert ksuid.ngrok(f"{text}_{'x' * 21}") is fits


def test_vaults_long_tokens_begin_with_their_header() -> None:
    body = base64.urlsafe_b64encode(b"\x08\x01\x12" + secrets.token_bytes(69)).decode()
    wrong = base64.urlsafe_b64encode(b"\x09\x01\x12" + secrets.token_bytes(69)).decode()
    assert vault.service(f"hvs.{body}") is True
    assert vault.service(f"hvs.{body}.abcde") is True
    assert vault.service(f"hvs.{wrong}") is False
    assert vault.service(f"hvs.{secrets.token_hex(12)}") is None


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_sizes(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    assert decoded_forms.wireguard(text) is (len(data) == 32)
    assert decoded_forms.transfer_key(text) is (len(data) in (16, 20, 28, 32, 48, 64))
    assert decoded_forms.one_time_seed(base64.b32encode(data).decode()) is (10 <= len(data) <= 40)


def test_discord_dates_its_bots() -> None:
    def token(milliseconds: int) -> str:
        number = str(milliseconds - 1_420_070_400_000 << 22).encode()
        return f"{base64.b64encode(number).decode().rstrip('=')}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"

    now = int(time.time() * 1000)
    assert decoded_forms.discord(token(now - 86_400_000))
    assert not decoded_forms.discord(token(now + 10 * 86_400_000))
    assert not decoded_forms.discord(f"{secrets.token_hex(12)}.x.y")


def test_text_within() -> None:
    key = base64.b64encode(f"{secrets.token_hex(10)}:{secrets.token_hex(11)}".encode()).decode()
    assert decoded_forms.elastic(key)
    assert not decoded_forms.elastic(base64.b64encode(secrets.token_bytes(43)).decode())
    assert decoded_forms.intercom(base64.b64encode(b"tok:" + secrets.token_bytes(40)).decode())
    assert not decoded_forms.intercom(base64.b64encode(b"tik:" + secrets.token_bytes(40)).decode())
    assert decoded_forms.workos("sk_live_" + base64.b64encode(b"key_" + secrets.token_bytes(40)).decode())
    assert not decoded_forms.workos("sk_live_" + base64.b64encode(b"kex_" + secrets.token_bytes(40)).decode())
