"""GitLab's routable tokens, put together here from the layout."""

from __future__ import annotations

import base64
import secrets
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.detect.validity.gitlab_routable import checksum
from checks.detect.validity.gitlab_routable import test as routable

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int, width: int) -> str:
    return "".join(DIGITS[number // 36**place % 36] for place in reversed(range(width)))


def token(prefix: str, data: bytes, version: str = "01.", change: int = 0) -> str:
    payload = base64.urlsafe_b64encode(data).decode().rstrip("=")
    body = f"{prefix}{payload}.{version}{base36(len(payload) + change, 2)}"
    return body + base36(zlib.crc32(body.encode()), 7)


def current(route: bytes) -> bytes:
    return secrets.token_bytes(16) + route + bytes([len(route)])


def early(route: bytes) -> bytes:
    return route + secrets.token_bytes(16) + b"\x10"


@given(st.integers(0, 2**32 - 1).map(lambda number: number.to_bytes(4, "big").hex()))
def test_the_sum_is_the_crc_in_base_36(text: str) -> None:
    assert len(checksum(text)) == 7
    assert int(checksum(text), 36) == zlib.crc32(text.encode())


@pytest.mark.parametrize("prefix", ["glpat-", "gldt-", "glrt-t1_", "glrt-t3_"])
@pytest.mark.parametrize("route", [b"o:1\nu:2s", b"c:1\no:1\np:z9", b"o:1\nu:4xyz"])
def test_both_layouts(prefix: str, route: bytes) -> None:
    assert routable(token(prefix, current(route))) is True
    assert routable(token(prefix, early(route), version="")) is True


def test_what_does_not_hold() -> None:
    good = token("glpat-", current(b"o:1\nu:2s"))
    place = len("glpat-") + secrets.randbelow(20)
    assert routable(good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]) is False
    assert routable(token("glpat-", current(b"o:1\nu:2s"), change=1)) is False
    assert routable(token("glpat-", secrets.token_bytes(24) + b"\xff")) is False
    assert routable(token("glpat-", current(b"no route"))) is False


def test_older_forms_do_not_tell() -> None:
    assert routable(f"glpat-{secrets.token_urlsafe(15)}") is None
