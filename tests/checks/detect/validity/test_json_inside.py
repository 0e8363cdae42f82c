"""Tokens that hold JSON: every member that the issuer writes is asked for."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable

import pytest

from checks.detect.validity import json_inside
from checks.detect.validity.catalog import VALIDITY


def held(*names: str, padding: bool = True) -> str:
    text = base64.urlsafe_b64encode(json.dumps(dict.fromkeys(names, secrets.token_hex(4))).encode()).decode()
    return text if padding else text.rstrip("=")


def secret() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


CASES = [
    pytest.param("grafana-cloud", "glc_{}", ("o", "n", "k", "m"), ("o", "n", "k"), id="grafana-cloud"),
    pytest.param("grafana-api-key", "{}", ("k", "n", "id"), ("k", "n", "id"), id="grafana"),
    pytest.param("cloudflare-tunnel", "{}", ("a", "t", "s"), ("a", "t", "s"), id="tunnel"),
    pytest.param(
        "one-password",
        "ops_{}",
        ("signInAddress", "userAuth", "email", "srpX", "muk", "secretKey", "deviceUuid"),
        ("signInAddress", "userAuth", "email", "srpX", "muk", "secretKey"),
        id="one-password",
    ),
]


@pytest.mark.parametrize(("test", "form", "names", "needed"), CASES)
def test_every_needed_member_is_asked_for(
    test: str, form: str, names: tuple[str, ...], needed: tuple[str, ...]
) -> None:
    check: Callable[[str], bool | None] = VALIDITY[test]
    assert check(form.format(held(*names)))
    assert check(form.format(held(*names, padding=False)))
    for one in needed:
        assert check(form.format(held(*(name for name in names if name != one)))) is False


def test_sentry_wants_the_time_the_organisation_and_32_bytes() -> None:
    members = ("iat", "url", "region_url", "org")
    assert json_inside.sentry(f"sntrys_{held(*members)}_{secret()}")
    assert json_inside.sentry(f"sntrys_{held('iat', 'url', 'org')}_{secret()}")
    assert not json_inside.sentry(f"sntrys_{held('iat', 'url')}_{secret()}")
    assert not json_inside.sentry(f"sntrys_{held('iat', 'org')}_{secret()}")
    assert not json_inside.sentry(f"sntrys_{held(*members)}_{secret()[:-1]}")
    assert not json_inside.sentry(f"sntrys_{held(*members)}")


def test_mapbox_looks_into_the_middle_part() -> None:
    assert json_inside.mapbox(f"sk.{held('u', 'a', padding=False)}.{secrets.token_urlsafe(16)}")
    assert not json_inside.mapbox(f"sk.{held('u', padding=False)}.{secrets.token_urlsafe(16)}")
    assert not json_inside.mapbox(f"sk.{held('u', 'a', padding=False)}")


@pytest.mark.parametrize("value", [b"[1]", b"3", b"null", b"{", b"\xff\xfe", b"[" * 30_000, b""])
def test_what_holds_no_object_is_false(value: bytes) -> None:
    text = base64.b64encode(value).decode()
    for name in ("grafana-cloud", "grafana-api-key", "cloudflare-tunnel", "one-password", "sentry", "mapbox"):
        assert VALIDITY[name](text) is False
        assert VALIDITY[name](f"sntrys_{text}_{secret()}") is False
