"""Tokens that hold a JSON object in base64. A member that the issuer always writes tells a real one."""

from __future__ import annotations

import json

from checks import late
from checks.detect.validity.base64_values import decoded

_SENTRY = late.compile(r"sntrys_(?P<json>[A-Za-z0-9+/_-]+={0,2})_(?P<secret>[A-Za-z0-9+/]{43})")
_SENTRY_SECRET = 32
_ONE_PASSWORD = ("signInAddress", "userAuth", "email", "srpX", "muk", "secretKey")


def sentry(token: str) -> bool:
    """Organisation token: issue time, address and organisation, then 32 random bytes."""
    match = _SENTRY.fullmatch(token)
    held = _members(match["json"]) if match else None
    if not match or not held or len(decoded(match["secret"]) or b"") != _SENTRY_SECRET:
        return False
    return {"iat", "org"} <= held.keys() and bool({"url", "region_url"} & held.keys())


def grafana_cloud(token: str) -> bool:
    """Access policy: organisation, name and key."""
    return {"o", "n", "k"} <= _members(token.removeprefix("glc_")).keys()


def grafana_api_key(token: str) -> bool:
    """The keys before service accounts: key, name and organisation."""
    return {"k", "n", "id"} <= _members(token).keys()


def one_password(token: str) -> bool:
    """Service account."""
    return _members(token.removeprefix("ops_")).keys() >= set(_ONE_PASSWORD)


def cloudflare_tunnel(token: str) -> bool:
    """Account, tunnel and the tunnel's secret."""
    return {"a", "t", "s"} <= _members(token).keys()


def mapbox(token: str) -> bool:
    """User and key id in the middle part."""
    parts = token.split(".")
    return len(parts) == 3 and {"u", "a"} <= _members(parts[1]).keys()


def _members(text: str) -> dict[str, object]:
    """Of the object, empty where there is none."""
    try:
        value = json.loads(decoded(text) or b"")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
