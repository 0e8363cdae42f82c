"""Marvin32 against Microsoft's own test vectors; keys put together here from the layout."""

from __future__ import annotations

import base64
import binascii
import secrets

import pytest

from checks.detect.validity import azure
from checks.detect.validity.marvin import marvin32

SIZES = {"ACDb": 64, "+ASt": 64, "+ABa": 64, "+AMC": 64, "APIM": 64, "AzFu": 40, "AzSe": 39, "+ACR": 39}
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("data", "result"),
    [
        ("", 0x30ED35C100CD3C7D),
        ("AF", 0x48E73FC77D75DDC1),
        ("E70F", 0xB5F6E1FC485DBFF8),
        ("37F495", 0xF0B07C789B8CF7E8),
    ],
)
def test_marvin_against_the_published_vectors(data: str, result: int) -> None:
    """The vectors have both halves; the checksum is one half turned by the other."""
    assert marvin32(bytes.fromhex(data), 0x004FB61A001BDBCC) == result >> 32 ^ result & 0xFFFFFFFF


def key(signature: str, seed: str, size: int) -> str:
    text = base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
    text = text[:-10] + signature + text[-6:]
    data = base64.b64decode(text + "=" * (-len(text) % 4))[:-4]
    total = marvin32(data, int(seed.encode().hex(), 16))
    return base64.b64encode(data + total.to_bytes(4, "little")).decode()


@pytest.mark.parametrize("signature", azure.SEEDS)
def test_keys_of_every_service(signature: str) -> None:
    for seed in azure.SEEDS[signature]:
        made = key(signature, seed, SIZES.get(signature, 32))
        assert signature in made
        assert azure.identifiable(made) is True
        assert azure.identifiable(made.replace("=", "%3D")) is True
        other = ("B" if made[0] == "A" else "A") + made[1:]
        assert azure.identifiable(other) is (None if signature == "AzCa" else False)


def test_another_services_seed_does_not_fit() -> None:
    assert azure.identifiable(key("+ASt", "MastRW00", 64)) is False
    assert azure.identifiable("AAAA") is False


def annotated(long: bool, plain: bool = False) -> str:
    random = "".join(secrets.choice(DIGITS) for _ in range(68))
    body = f"{random[:52]}JQQJ99BD{random[52:]}AZDO"
    total = marvin32(base64.b64decode(body), int(b"Default0".hex(), 16)).to_bytes(4, "little")
    number = int.from_bytes(total, "big")
    tail = "".join(DIGITS[number // 62**place % 62] for place in reversed(range(6)))
    tail = base64.b64encode(total).decode().rstrip("=") if plain else tail
    return f"{body}{tail}==" if long else f"{body}{tail[:4]}"


def test_annotated_keys() -> None:
    assert len(annotated(long=False)) == 84
    assert azure.annotated(annotated(long=False)) is True
    assert azure.annotated(annotated(long=True)) is True
    assert azure.annotated(annotated(long=True, plain=True)) is True
    broken = annotated(long=True)
    assert azure.annotated(("B" if broken[0] == "A" else "A") + broken[1:]) is None
    assert azure.annotated("A" * 40) is None


@pytest.mark.parametrize("mask", [0xE0B9692D, 0x1019F92E])
def test_older_devops_tokens(mask: int) -> None:
    rest = secrets.token_bytes(28)
    total = (binascii.crc32(rest) ^ mask).to_bytes(4, "little")
    data = bytearray(rest)
    for place in (2, 7, 8, 22):
        data.insert(place, total[(22, 8, 7, 2).index(place)])
    token = base64.b32encode(data).decode().rstrip("=").lower()
    assert len(token) == 52
    assert azure.devops(token) is True
    assert azure.devops(("b" if token[0] == "a" else "a") + token[1:]) is None
    assert azure.devops("a" * 50) is None
    assert azure.devops("1" * 52) is None
