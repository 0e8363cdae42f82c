"""The registry of a provider's double: `/v2/` and a token service that take the tokens which the double issued.

It speaks as docker-registry with a token server does (tests/services/registry.py runs those for real), so that the
verification of a created or revoked token runs against it unchanged.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from tests.services.double import Asked, Double, Told, fake_jwt

LIFETIME = 300
MANIFEST = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []}
Enter = Callable[[str, str], frozenset[str] | None]
"""User and password to the actions that they may do (`pull`, `push`, `delete`), None where they are refused."""


@dataclass(frozen=True)
class _Issued:
    user: str
    access: list[dict[str, Any]]
    until: float


class RegistryDouble(Double):
    """Tokens that were handed out live on for their five minutes, whatever became of the login: as everywhere."""

    def __init__(self, enter: Enter, *, service: str, refused: Told | None = None) -> None:
        super().__init__()
        self.enter = enter
        self.service = service
        self.refused = refused or Told(401, {"details": "incorrect username or password"})
        self.issued: dict[str, _Issued] = {}

    def answer(self, asked: Asked) -> Told:
        if asked.path == "/token":
            return self._token(asked) if asked.method == "GET" else Told(400, {"error": "invalid_grant"})
        if asked.path == "/v2/" and asked.method == "GET":
            return Told(200, {}) if self._known(asked) else self._challenge()
        repository, _, reference = asked.path.removeprefix("/v2/").rpartition("/manifests/")
        if repository and reference and asked.method in ("GET", "HEAD"):
            known = self._known(asked)
            if known and any(one["name"] == repository and "pull" in one["actions"] for one in known.access):
                return Told(200, MANIFEST, {"Docker-Content-Digest": "sha256:" + "0" * 64})
            return self._challenge(f"repository:{repository}:pull")
        return Told(404, {"errors": [{"code": "NAME_UNKNOWN", "message": "not known"}]})

    def _known(self, asked: Asked) -> _Issued | None:
        found = self.issued.get(asked.bearer)
        return found if found and found.until > time.monotonic() else None

    def _challenge(self, scope: str = "") -> Told:
        offer = f'Bearer realm="{self.base_url}/token",service="{self.service}"'
        if scope:
            offer += f',scope="{scope}"'
        body = {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}
        return Told(401, body, {"WWW-Authenticate": offer, "Docker-Distribution-Api-Version": "registry/2.0"})

    def _token(self, asked: Asked) -> Told:
        login = asked.basic()
        allowed: frozenset[str] | None = frozenset()
        if login is not None:
            allowed = self.enter(*login)
        if allowed is None:
            return self.refused
        user = login[0] if login else ""
        access = [_granted(scope, allowed) for value in asked.query.get("scope", []) for scope in value.split()]
        now = int(time.time())
        claims = {
            "iss": self.service,
            "sub": user,
            "aud": self.service,
            "iat": now,
            "nbf": now - 10,
            "exp": now + LIFETIME,
            "jti": secrets.token_hex(8),
            "access": access,
        }
        value = fake_jwt(claims)
        self.issued[value] = _Issued(user, access, time.monotonic() + LIFETIME)
        return Told(200, {"token": value, "access_token": value, "expires_in": LIFETIME})


def _granted(scope: str, allowed: frozenset[str]) -> dict[str, Any]:
    kind, _, rest = scope.partition(":")
    name, _, actions = rest.rpartition(":")
    return {"type": kind, "name": name, "actions": [one for one in actions.split(",") if one in allowed]}


class ProviderDouble(Double):
    """A provider's API with a `registry` beside it, which takes what the API issued: both start and end together."""

    registry: RegistryDouble

    def __enter__(self) -> Self:
        self.registry.__enter__()
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self.registry.__exit__(kind, error, trace)
