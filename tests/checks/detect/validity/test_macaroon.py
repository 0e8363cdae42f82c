"""Macaroons of version 2, written byte by byte."""

from __future__ import annotations

import base64
import json
import secrets
import time

import pytest

from checks.detect.validity.macaroon import test as macaroon

HOST = b"idx.test"


def token(*caveats: object, host: bytes = HOST, signature: int = 32, version: bytes = b"\x02") -> str:
    identifier = secrets.token_hex(16).encode()
    data = version + b"\x01" + bytes([len(host)]) + host + b"\x02" + bytes([len(identifier)]) + identifier + b"\x00"
    for caveat in caveats:
        text = json.dumps(caveat).encode()
        size = bytes([len(text)]) if len(text) < 128 else bytes([len(text) & 0x7F | 0x80, len(text) >> 7])
        data += b"\x02" + size + text + b"\x00"
    data += b"\x00\x06" + bytes([signature]) + secrets.token_bytes(signature)
    return "pypi-" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_the_beginning_is_the_one_that_is_known() -> None:
    assert token().startswith("pypi-AgEI")
    assert token(host=b"long.idx.test").startswith("pypi-AgEN")


@pytest.mark.parametrize(
    "caveats",
    [
        (),
        ({"version": 1, "permissions": "user"},),
        ({"version": 1, "permissions": {"projects": ["a" * 150]}},),
        ([3, "user"], [1, ["a", "b"]]),
        ([0, int(time.time()) + 600, 1],),
    ],
)
def test_true_ones(caveats: tuple[object, ...]) -> None:
    assert macaroon(token(*caveats)) is True


def test_an_end_in_the_past() -> None:
    assert macaroon(token([3, "user"], [0, int(time.time()) - 1, 1])) is False


def test_what_is_not_one() -> None:
    assert macaroon(token(host=b"nodots12")) is False
    assert macaroon(token(signature=31)) is False
    assert macaroon(token(version=b"\x01")) is False
    assert macaroon("pypi-AgEI" + secrets.token_urlsafe(120)) is False


def test_every_cut_of_a_true_one_fails() -> None:
    whole = token([3, "user"])
    assert not any(macaroon(whole[:end]) for end in range(5, len(whole) - 1))
