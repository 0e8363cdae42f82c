"""A double of a GitLab instance: access tokens of persons, projects and groups, deploy tokens; and its registry."""

from __future__ import annotations

import datetime
import itertools
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.services.double import Asked, Told, token
from tests.services.registry_double import ProviderDouble, RegistryDouble

ACTIONS = {
    "read_registry": frozenset({"pull"}),
    "write_registry": frozenset({"pull", "push"}),
    "api": frozenset({"pull", "push", "delete"}),
}
DEPLOY_SCOPES = {
    "read_repository",
    "read_registry",
    "write_registry",
    "read_package_registry",
    "write_package_registry",
}
DEPLOY_SCOPES |= {"read_virtual_registry", "write_virtual_registry"}
MAINTAINER, OWNER = 40, 50


@dataclass
class GitLabToken:
    """An access token. With `source` it is a project's or group's, and `user` its bot."""

    id: int
    user: str
    value: str = field(repr=False)
    name: str
    scopes: list[str]
    created_at: str
    expires_at: str | None
    source: str = ""
    access_level: int = 0
    revoked: bool = False
    last_used_at: str | None = None


@dataclass
class DeployToken:
    """A deploy token of `source`; its last use is not kept."""

    id: int
    source: str
    value: str = field(repr=False)
    name: str
    username: str
    scopes: list[str]
    expires_at: str | None
    revoked: bool = False


class GitLabDouble(ProviderDouble):
    """`roles[source][user]` is an access level; a source is `projects/acme/shop` or `groups/acme`."""

    def __init__(self, *accounts: str) -> None:
        super().__init__()
        self.accounts = list(accounts)
        self.roles: dict[str, dict[str, int]] = {}
        self.tokens: dict[int, GitLabToken] = {}
        self.deploy_tokens: dict[int, DeployToken] = {}
        self.audit: list[dict[str, str]] = []
        self.blocked: set[str] = set()
        """Users whom an administrator blocked: a 403 that says nothing of a token."""
        self.largest_page = 100
        self._numbers = itertools.count(1)
        self.registry = RegistryDouble(self.enter, service="container_registry")

    def issue(
        self,
        user: str,
        scopes: tuple[str, ...] = ("read_registry",),
        *,
        name: str = "laptop",
        source: str = "",
        access_level: int = 0,
        expires_at: str | None = "2099-12-31",
    ) -> GitLabToken:
        """A new access token; personal ones come from the web page, there is no call for them."""
        number = next(self._numbers)
        made = GitLabToken(
            number, user, token("glpat-", 20), name, list(scopes), self.moment(), expires_at, source, access_level
        )
        self.tokens[number] = made
        self.audit.append({"action": "access token created", "name": name, "by": user})
        return made

    def issue_deploy_token(
        self, source: str, scopes: tuple[str, ...] = ("read_registry",), *, name: str = "ci", username: str = ""
    ) -> DeployToken:
        number = next(self._numbers)
        user = username or f"gitlab+deploy-token-{number}"
        made = DeployToken(number, source, token("gldt-", 20), name, user, list(scopes), None)
        self.deploy_tokens[number] = made
        self.audit.append({"action": "deploy token created", "name": name, "by": source})
        return made

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        with self._lock:
            scopes: list[str] = []
            for deploy in self.deploy_tokens.values():
                if deploy.value == password and deploy.username == user and not deploy.revoked:
                    scopes = deploy.scopes
            if personal := self._alive(password):
                scopes = personal.scopes
            return frozenset().union(*(ACTIONS.get(scope, frozenset()) for scope in scopes)) or None

    def _alive(self, value: str) -> GitLabToken | None:
        found = next((one for one in self.tokens.values() if one.value == value), None)
        return None if found is None or found.revoked or self._expired(found) else found

    def _expired(self, one: GitLabToken) -> bool:
        return bool(one.expires_at) and datetime.date.fromisoformat(one.expires_at or "") <= self.now().date()

    def answer(self, asked: Asked) -> Told:
        found = self._alive(asked.headers.get("PRIVATE-TOKEN") or "")
        if not found:
            return Told(401, {"message": "401 Unauthorized"})
        if found.user in self.blocked:
            return Told(403, {"message": "403 Forbidden - Your account has been blocked."})
        path = asked.path.removeprefix("/api/v4")
        if path == "/personal_access_tokens/self":
            return self._self(asked, found)
        if match := re.fullmatch(r"/(projects|groups)/([^/]+)/(access_tokens|deploy_tokens)(?:/(\d+))?", path):
            kind, name, what, number = match.groups()
            return self._managed(asked, found, f"{kind}/{unquote(name)}", what, int(number or 0))
        return Told(404, {"error": "404 Not Found"})

    def _self(self, asked: Asked, found: GitLabToken) -> Told:
        if asked.method == "DELETE":
            self._revoke(found, found.user)
            return Told(204)
        told = self._shown(found)
        found.last_used_at = self.moment()
        return Told(200, told)

    def _managed(self, asked: Asked, who: GitLabToken, source: str, what: str, number: int) -> Told:
        if "api" not in who.scopes:
            words = "The request requires higher privileges than provided by the access token."
            return Told(403, {"error": "insufficient_scope", "error_description": words, "scope": "api"})
        role = self.roles.get(source, {}).get(who.user)
        if role is None:
            return Told(404, {"message": f"404 {source.partition('/')[0][:-1].title()} Not Found"})
        group = source.startswith("groups/")
        if role < (OWNER if group and (asked.method != "GET" or what == "access_tokens") else MAINTAINER):
            return Told(403, {"message": "403 Forbidden"}) if what == "deploy_tokens" else _unauthorised()
        if what == "access_tokens":
            return self._access_tokens(asked, who, source, role, number)
        return self._deploy_tokens(asked, who, source, number)

    def _access_tokens(self, asked: Asked, who: GitLabToken, source: str, role: int, number: int) -> Told:
        if asked.method == "POST":
            given = asked.body
            if who.source:
                return Told(400, {"message": "400 Bad request - User does not have permission to create access token"})
            if given.get("access_level", MAINTAINER) > role:
                return Told(400, {"message": "400 Bad request - Access level of the token can't be greater than yours"})
            if not given.get("expires_at"):
                return Told(400, {"message": {"expires_at": ["can't be blank"]}})
            level = given.get("access_level", MAINTAINER)
            bot = f"{source.replace('/', '_')}_bot"
            made = self.issue(
                bot, tuple(given["scopes"]), name=given["name"], source=source, access_level=level,
                expires_at=given["expires_at"],
            )  # fmt: skip
            return Told(201, {**self._shown(made, used=False), "token": made.value})
        mine = [one for one in self.tokens.values() if one.source == source]
        if asked.method == "GET":
            return self._page(asked, [self._shown(one) for one in mine])
        found = next((one for one in mine if one.id == number), None)
        if not found:
            return Told(404, {"message": "404 Access Token Not Found"})
        self._revoke(found, who.user)
        return Told(204)

    def _deploy_tokens(self, asked: Asked, who: GitLabToken, source: str, number: int) -> Told:
        if asked.method == "POST":
            given = asked.body
            if not given.get("scopes") or not set(given["scopes"]) <= DEPLOY_SCOPES:
                return Told(400, {"error": "scopes does not have a valid value"})
            made = self.issue_deploy_token(
                source, tuple(given["scopes"]), name=given["name"], username=given.get("username", "")
            )
            made.expires_at = given.get("expires_at")
            return Told(201, {**_deploy(made), "token": made.value})
        mine = [one for one in self.deploy_tokens.values() if one.source == source]
        if asked.method == "GET":
            return self._page(asked, [_deploy(one) for one in mine])
        found = next((one for one in mine if one.id == number), None)
        if not found:
            return Told(404, {"message": "404 Not found"})
        del self.deploy_tokens[found.id]
        self.audit.append({"action": "deploy token revoked", "name": found.name, "by": who.user})
        return Told(204)

    def _revoke(self, one: GitLabToken, by: str) -> None:
        one.revoked = True
        self.audit.append({"action": "access token revoked", "name": one.name, "by": by})

    def _shown(self, one: GitLabToken, *, used: bool = True) -> dict[str, Any]:
        told: dict[str, Any] = {
            "id": one.id,
            "name": one.name,
            "revoked": one.revoked,
            "created_at": one.created_at,
            "description": "",
            "scopes": one.scopes,
            "user_id": len(one.user),
            "active": not one.revoked and not self._expired(one),
            "expires_at": one.expires_at,
        }
        told |= {"last_used_at": one.last_used_at} if used else {}
        return told | ({"access_level": one.access_level} if one.source else {})

    def _page(self, asked: Asked, rows: list[dict[str, Any]]) -> Told:
        number, size = int(asked.first("page", "1")), min(int(asked.first("per_page", "20")), self.largest_page)
        end = number * size
        following = str(number + 1) if end < len(rows) else ""
        return Told(200, rows[end - size : end], {"X-Page": str(number), "X-Next-Page": following})


def _unauthorised() -> Told:
    return Told(401, {"message": "401 Unauthorized"})


def _deploy(one: DeployToken) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "username": one.username,
        "expires_at": one.expires_at,
        "revoked": one.revoked,
        "expired": False,
        "scopes": one.scopes,
    }
