"""A double of GitHub's API for tokens of ghcr.io: whose, which packages, revoking; and a registry that takes them."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.services.double import Asked, Told, token
from tests.services.registry_double import ProviderDouble, RegistryDouble

DOCUMENTATION = "https://docs.github.com/rest"
ACTIONS = {
    "read:packages": frozenset({"pull"}),
    "write:packages": frozenset({"pull", "push"}),
    "delete:packages": frozenset({"delete"}),
}
REVOCABLE = ("ghp_", "github_pat_", "gho_", "ghu_", "ghr_")


@dataclass
class GitHubToken:
    """A token of `owner`. `scopes` is None for a fine-grained one, which ghcr.io does not take."""

    owner: str
    value: str = field(repr=False)
    scopes: tuple[str, ...] | None
    expires: str = ""
    """As the header has it: `2030-01-31 12:00:00 UTC`."""
    dying: int | None = None
    """Requests that it is still accepted for, after it was revoked: that happens a little later."""

    @property
    def dead(self) -> bool:
        return self.dying == 0


class GitHubDouble(ProviderDouble):
    """`tokens` by value; `notified`: owners who were told of a revocation; `audit`: what tokens did, by their hash."""

    def __init__(self, *accounts: str) -> None:
        super().__init__()
        self.accounts = dict(enumerate(accounts, 1))
        self.tokens: dict[str, GitHubToken] = {}
        self.packages: dict[str, list[str]] = {}
        self.notified: list[str] = []
        self.audit: list[dict[str, str]] = []
        self.revocations_left = 60
        self.revoked_after = 1
        """Questions that a revoked token still answers."""
        denied = {"errors": [{"code": "DENIED", "message": "denied: denied"}]}
        self.registry = RegistryDouble(self.enter, service="ghcr.io", refused=Told(403, denied))

    def issue(
        self, owner: str, scopes: tuple[str, ...] | None = ("read:packages",), *, expires: str = ""
    ) -> GitHubToken:
        """A new token, as the web page makes it: there is no call for that."""
        value = token("ghp_", 36) if scopes is not None else token("github_pat_", 82)
        made = GitHubToken(owner, value, scopes, expires)
        self.tokens[value] = made
        return made

    def settle(self) -> None:
        """What was revoked is dead from now on."""
        for one in self.tokens.values():
            if one.dying is not None:
                one.dying = 0

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        with self._lock:
            found = self._alive(password)
            if not found or not found.scopes:
                return None
            self._note(found, "packages.login")
            return frozenset().union(*(ACTIONS.get(scope, frozenset()) for scope in found.scopes)) or None

    def _alive(self, value: str) -> GitHubToken | None:
        found = self.tokens.get(value)
        if found and found.dying:
            found.dying -= 1
            return found
        return None if not found or found.dead else found

    def _note(self, found: GitHubToken, action: str) -> None:
        digest = base64.b64encode(hashlib.sha256(found.value.encode()).digest()).decode()
        self.audit.append({"action": action, "actor": found.owner, "hashed_token": digest})

    def answer(self, asked: Asked) -> Told:
        if (asked.method, asked.path) == ("POST", "/credentials/revoke"):
            return self._revoke(asked)
        found = self._alive(asked.bearer)
        if not found:
            return Told(401, {"message": "Bad credentials", "documentation_url": DOCUMENTATION, "status": "401"})
        headers = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4990"}
        if found.scopes is not None:
            headers |= {"X-OAuth-Scopes": ", ".join(found.scopes)}
        if found.expires:
            headers |= {"github-authentication-token-expiration": found.expires}
        if (asked.method, asked.path) == ("GET", "/user"):
            self._note(found, "user.read")
            return Told(200, self._user(found.owner), headers)
        if (asked.method, asked.path) == ("GET", "/user/packages"):
            if not found.scopes or "read:packages" not in found.scopes:
                return Told(403, _said("You need at least read:packages scope to list packages."), headers)
            return Told(200, [self._package(found.owner, name) for name in self.packages.get(found.owner, [])], headers)
        return Told(404, _said("Not Found"), headers)

    def _revoke(self, asked: Asked) -> Told:
        if asked.headers.get("Authorization"):
            return Told(403, _said("This endpoint takes no authenticated requests."))
        if self.revocations_left <= 0:
            return Told(403, _said("API rate limit exceeded"), {"X-RateLimit-Remaining": "0", "Retry-After": "1800"})
        self.revocations_left -= 1
        given = asked.body.get("credentials")
        if not isinstance(given, list) or not 0 < len(given) <= 1000 or not all(_is_token(one) for one in given):
            return Told(422, _said("Validation Failed") | {"errors": ["credentials: not a supported kind"]})
        for value in given:
            found = self.tokens.get(value)
            if found and found.dying is None:
                found.dying = self.revoked_after
                self.notified.append(found.owner)
        return Told(202, {})

    def _user(self, login: str) -> dict[str, Any]:
        urls = ("followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events")
        numbers = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
        nothing = dict.fromkeys(("company", "location", "email", "hireable", "bio"))
        return {
            "login": login,
            "id": self._number(login),
            "node_id": "MDQ6VXNlcjE=",
            "avatar_url": f"{self.base_url}/avatars/{login}",
            "gravatar_id": "",
            "url": f"{self.base_url}/users/{login}",
            "html_url": f"{self.base_url}/{login}",
            **{f"{name}_url": f"{self.base_url}/users/{login}/{name}" for name in urls},
            "received_events_url": f"{self.base_url}/users/{login}/received_events",
            "type": "User",
            "user_view_type": "public",
            "site_admin": False,
            "name": login.title(),
            "blog": "",
            **nothing,
            **numbers,
            "created_at": "2020-01-01T00:00:00Z",
            "updated_at": "2020-01-01T00:00:00Z",
        }

    def _package(self, owner: str, name: str) -> dict[str, Any]:
        return {
            "id": secrets.randbelow(10**6),
            "name": name,
            "package_type": "container",
            "visibility": "private",
            "url": f"{self.base_url}/users/{owner}/packages/container/{name}",
            "html_url": f"{self.base_url}/users/{owner}/packages/container/package/{name}",
            "version_count": 1,
            "created_at": "2020-01-01T00:00:00Z",
            "updated_at": "2020-01-01T00:00:00Z",
        }

    def _number(self, login: str) -> int:
        return next((number for number, name in self.accounts.items() if name == login), 0)


def _said(message: str) -> dict[str, Any]:
    return {"message": message, "documentation_url": DOCUMENTATION}


def _is_token(value: object) -> bool:
    return isinstance(value, str) and value.startswith(REVOCABLE)
