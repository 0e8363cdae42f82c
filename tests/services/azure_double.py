"""A double of Azure's management API for one registry, with its tokens, its admin user, and its own logins."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from checks.model.secret import Secret
from tests.services.double import Asked, Told, token
from tests.services.registry_double import ProviderDouble, RegistryDouble

VERSION = "2025-11-01"
GROUP = "/subscriptions/0f1e2d3c/resourceGroups/acme"
_ORDER = "/orders/1"


@dataclass
class AcrToken:
    """`passwords` maps slots to their values; `slots` to what is told of them."""

    name: str
    passwords: dict[str, str] = field(default_factory=dict, repr=False)
    slots: dict[str, dict[str, str]] = field(default_factory=dict)


class AzureDouble(ProviderDouble):
    """Entering needs a password of a token, or of the admin user, whose name is the registry's."""

    def __init__(self, name: str = "127") -> None:
        super().__init__()
        self.name = name
        self.logins: set[str] = set()
        self.readers: set[str] = set()
        self.tokens: dict[str, AcrToken] = {}
        self.admin = {"password": _password(), "password2": _password()}
        self.slow = False
        """Whether an order is answered with 202, and done behind its Location."""
        self._ordered: dict[str, Any] = {}
        self._turns = 0
        self.registry = RegistryDouble(self.enter, service="acr")

    @property
    def resource(self) -> str:
        return f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/{self.name}"

    def login(self, *, reads_only: bool = False) -> Secret:
        made = token("eyJ", 60)
        (self.readers if reads_only else self.logins).add(made)
        return Secret(made)

    def issue(self, name: str) -> AcrToken:
        made = AcrToken(name)
        self.tokens[name] = made
        self._fill(made, "password1", None)
        return made

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        held = self.tokens[user].passwords.values() if user in self.tokens else ()
        if password in held or (user == self.name and password in self.admin.values()):
            return frozenset({"pull"})
        return None

    def answer(self, asked: Asked) -> Told:
        if asked.bearer not in self.logins | self.readers:
            return _error(401, "InvalidAuthenticationToken")
        if asked.path == _ORDER:
            self._turns += 1
            return Told(202, None, self._place()) if self._turns < 2 else Told(200, self._ordered)
        if asked.first("api-version") != VERSION or not asked.path.startswith(self.resource):
            return _error(404, "ResourceNotFound")
        rest = asked.path.removeprefix(self.resource)
        if asked.bearer in self.readers and asked.method != "GET":
            return _error(403, "AuthorizationFailed")
        if rest in ("/listCredentials", "/regenerateCredential"):
            return self._admin(asked)
        if rest == "/generateCredentials":
            return self._generated(asked)
        match = re.fullmatch(r"/tokens/([^/]+)", rest)
        found = self.tokens.get(match[1]) if match else None
        if not found:
            return _error(404, "ResourceNotFound")
        if asked.method == "PATCH":
            kept = {one["name"] for one in asked.body["properties"]["credentials"]["passwords"]}
            for slot in set(found.slots) - kept:
                del found.slots[slot], found.passwords[slot]
        return Told(200, self._shown(found))

    def _admin(self, asked: Asked) -> Told:
        if asked.body:
            self.admin[asked.body["name"]] = _password()
        passwords = [{"name": name, "value": value} for name, value in self.admin.items()]
        return Told(200, {"username": self.name, "passwords": passwords})

    def _generated(self, asked: Asked) -> Told:
        found = self.tokens[asked.body["tokenId"].rpartition("/")[2]]
        slot = asked.body["name"]
        self._fill(found, slot, asked.body.get("expiry"))
        held = {**found.slots[slot], "value": found.passwords[slot]}
        self._ordered, self._turns = {"username": found.name, "passwords": [held]}, 0
        return Told(202, None, self._place()) if self.slow else Told(200, self._ordered)

    def _place(self) -> dict[str, str]:
        return {"Location": f"{self.base_url}{_ORDER}?api-version={VERSION}"}

    def _fill(self, made: AcrToken, slot: str, expiry: str | None) -> None:
        made.passwords[slot] = _password()
        made.slots[slot] = {"name": slot, "creationTime": self.moment(), **({"expiry": expiry} if expiry else {})}

    def _shown(self, found: AcrToken) -> dict[str, Any]:
        properties = {
            "status": "enabled",
            "provisioningState": "Succeeded",
            "scopeMapId": f"{self.resource}/scopeMaps/pull",
            "credentials": {"passwords": list(found.slots.values())},
        }
        return {"id": f"{self.resource}/tokens/{found.name}", "name": found.name, "properties": properties}


def _password() -> str:
    return secrets.token_urlsafe(39)


def _error(status: int, code: str) -> Told:
    return Told(status, {"error": {"code": code, "message": f"{code} says Azure"}})
