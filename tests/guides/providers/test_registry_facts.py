"""What `distribution.yaml` and `unknown.yaml` call proven is done here with the real docker-registry."""

from __future__ import annotations

import base64
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlencode

from guides.providers.catalog import PROVIDERS, provider
from guides.providers.provider import CELLS, Proof
from tests.services.registry import basic_registry, token_registry

PROVEN = {
    ("htpasswd-user", "new_by_owner"): Proof.REAL_SERVER,
    ("htpasswd-user", "verify"): Proof.REAL_SERVER,
    ("htpasswd-user", "revoke"): Proof.REAL_SERVER,
    ("unknown", "verify"): Proof.REAL_SERVER,
    ("identity-token", "verify"): Proof.DOUBLE,
} | {
    (kind, cell): Proof.DOUBLE
    for kind, cells in {
        "docker-hub-pat": ("new_by_owner", "revoke", "disable", "last_used", "access_log"),
        "docker-hub-oat": ("new_by_owner", "revoke", "disable", "last_used"),
        "github-pat": ("verify", "revoke", "revoke_itself"),
        "github-fine-grained-pat": ("verify", "revoke", "revoke_itself"),
        "github-oauth": ("verify", "revoke", "revoke_itself"),
        "github-app": ("verify", "revoke", "revoke_itself"),
        "gitlab-pat": ("verify", "revoke", "revoke_itself", "last_used"),
        "gitlab-access-token": ("new_by_owner", "verify", "revoke", "last_used"),
        "gitlab-deploy": ("new_by_owner", "revoke"),
        "ecr-login": ("new_by_owner",),
        "aws-access-key": ("new_with_old", "new_by_owner", "verify", "revoke", "revoke_itself", "last_used"),
        "google-service-account-key": ("new_by_owner", "verify", "revoke", "disable", "last_used"),
        "acr-admin": ("new_by_owner", "revoke"),
        "quay-robot": ("new_by_owner", "revoke", "last_used", "access_log"),
        "harbor-robot": ("new_with_old", "new_by_owner", "revoke", "disable", "access_log"),
        "jfrog-token": ("new_with_old", "new_by_owner", "verify", "revoke", "revoke_itself"),
        "digitalocean-pat": ("new_with_old", "new_by_owner", "verify"),
        "digitalocean-login": ("new_by_owner",),
        "scaleway-key": ("new_with_old", "new_by_owner", "revoke", "revoke_itself", "access_log"),
        "ibm-key": ("new_with_old", "new_by_owner", "verify", "revoke", "revoke_itself", "disable", "last_used"),
        "acr-token": ("new_by_owner", "revoke"),
    }.items()
    for cell in cells
}
"""By tests/guides/registries/test_{docker_hub,github,gitlab,aws,google,azure,managed,digitalocean}.py with doubles that
are held against the descriptions."""


def test_only_these_are_called_proven() -> None:
    """A cell that gets a proof gets a test, and its line here."""
    found = {
        (kind.id, name): kind.cells[name].proof
        for known in map(provider, PROVIDERS)
        for kind in known.kinds
        for name in CELLS
        if kind.cells[name].proof in (Proof.REAL_SERVER, Proof.DOUBLE)
    }
    assert found == PROVEN


def test_a_line_of_the_password_file_lets_in_and_its_absence_keeps_out() -> None:
    old, new = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
    with basic_registry({"old": old}) as registry:
        url = f"http://{registry.host}/v2/"
        assert asked(url) == 401 and asked(url, basic("old", old)) == 200
        registry.set_users({"old": old, "new": new})
        assert asked(url, basic("old", old)) == 200 and asked(url, basic("new", new)) == 200
        registry.set_users({"new": new})
        assert asked(url, basic("old", old)) == 401 and asked(url, basic("new", new)) == 200
        assert asked(url, basic("stranger", secrets.token_urlsafe(12))) == 401


def test_a_second_line_of_the_same_user_kills_the_old_password() -> None:
    """Why `kills_at_once` names it."""
    old, new = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
    with basic_registry({"alice": old}) as registry:
        registry.set_users({"alice": new})
        assert asked(f"http://{registry.host}/v2/", basic("alice", old)) == 401


def test_an_identity_token_is_verified_by_a_refresh() -> None:
    word = secrets.token_urlsafe(12)
    with token_registry({"alice": word}) as registry:
        service = registry.tokens.service
        query = urlencode({"service": service, "account": "alice", "offline_token": "true", "client_id": "t"})
        refresh = json.loads(body(f"{registry.tokens.realm}?{query}", basic("alice", word)))["refresh_token"]
        form = {"grant_type": "refresh_token", "service": service, "client_id": "t", "refresh_token": refresh}
        assert asked(registry.tokens.realm, data=form) == 200
        registry.tokens.revoke_refresh_tokens("alice")
        assert asked(registry.tokens.realm, data=form) in (400, 401)


def basic(user: str, word: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()}


def asked(url: str, headers: Mapping[str, str] | None = None, data: Mapping[str, str] | None = None) -> int:
    try:
        with urllib.request.urlopen(_request(url, headers, data), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def body(url: str, headers: Mapping[str, str]) -> bytes:
    with urllib.request.urlopen(_request(url, headers, None), timeout=10) as answer:
        read = answer.read()
        assert isinstance(read, bytes)
        return read


def _request(url: str, headers: Mapping[str, str] | None, data: Mapping[str, str] | None) -> urllib.request.Request:
    return urllib.request.Request(url, urlencode(data).encode() if data else None, dict(headers or {}))
