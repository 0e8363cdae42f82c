"""A double of a JFrog platform: access tokens that make and end tokens, and its registry."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from tests.services.double import Asked, Told, token
from tests.services.registry_double import ProviderDouble, RegistryDouble


@dataclass
class JFrogToken:
    """A reference token of a user; `administers` may end everybody's."""

    id: str
    user: str
    value: str = field(repr=False)
    scope: str = "applied-permissions/user"
    description: str = ""
    administers: bool = False


class JFrogDouble(ProviderDouble):
    def __init__(self) -> None:
        super().__init__()
        self.tokens: dict[str, JFrogToken] = {}
        self.registry = RegistryDouble(self.enter, service="acme.jfrog.io")

    def issue(self, user: str, description: str = "laptop", *, administers: bool = False) -> JFrogToken:
        made = JFrogToken(
            secrets.token_hex(8), user, token("cmVmdGtu", 56), description=description, administers=administers
        )
        self.tokens[made.id] = made
        return made

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        with self._lock:
            found = self._known(password)
            return frozenset({"pull", "push"}) if found and found.user == user else None

    def _known(self, value: str) -> JFrogToken | None:
        return next((one for one in self.tokens.values() if one.value == value), None)

    def answer(self, asked: Asked) -> Told:
        found = self._known(asked.bearer)
        if found is None:
            return _refused(401, "Invalid token")
        if asked.method == "POST":
            return self._create(asked, found)
        name = asked.path.rpartition("/")[2]
        wanted = self.tokens.get(found.id if name == "me" else name)
        if asked.method == "GET":
            return _refused(404, "no such token") if wanted is None else Told(200, self._shown(wanted))
        if wanted is None:
            return Told(204)
        if wanted.user != found.user and not found.administers:
            return _refused(403, "not yours")
        del self.tokens[wanted.id]
        return Told(200)

    def _create(self, asked: Asked, found: JFrogToken) -> Told:
        given = asked.body
        user = given.get("username", found.user)
        if user != found.user and not found.administers:
            return _refused(403, "not yours")
        made = self.issue(user, given.get("description", ""))
        made.scope = given.get("scope", made.scope)
        told = {"token_id": made.id, "access_token": token("eyJ", 80), "scope": made.scope, "token_type": "Bearer"}
        reference = {"reference_token": made.value} if given.get("include_reference_token") else {}
        return Told(200, {**told, **reference, "expires_in": given.get("expires_in", 0)})

    def _shown(self, one: JFrogToken) -> dict[str, object]:
        now = int(self.now().timestamp())
        told: dict[str, object] = {"token_id": one.id, "subject": f"jfac@01abc/users/{one.user}", "scope": one.scope}
        return {**told, "issued_at": now, "expiry": now + 86400, "description": one.description, "refreshable": False}


def _refused(status: int, words: str) -> Told:
    return Told(status, {"errors": [{"code": "ERROR", "message": words}]})
