"""A double of Quay: an organisation's robots, their roles on repositories, the usage log, and its registry."""

from __future__ import annotations

import re
import secrets
import string
from typing import Any
from urllib.parse import unquote

from tests.services.double import Asked, Told, token
from tests.services.registry_double import ProviderDouble, RegistryDouble

ACTIONS = {"read": frozenset({"pull"}), "write": frozenset({"pull", "push"})}
MONTH = "%m/%d/%Y"


class QuayDouble(ProviderDouble):
    """`administrators` has the OAuth tokens with all scopes; a robot is a name, a token and roles by repository."""

    def __init__(self, organisation: str = "acme") -> None:
        super().__init__()
        self.organisation = organisation
        self.administrators: set[str] = {token("", 40)}
        self.robots: dict[str, str] = {}
        self.roles: dict[str, dict[str, str]] = {}
        self.teams: dict[str, list[str]] = {}
        self.used: dict[str, str] = {}
        """Times of last use, which only some servers keep."""
        self.entries: list[dict[str, Any]] = []
        self.registry = RegistryDouble(self.enter, service="quay.io")

    @property
    def administrator(self) -> str:
        return next(iter(self.administrators))

    def issue(self, short: str, **roles: str) -> str:
        """A robot; its token."""
        name = f"{self.organisation}+{short}"
        self.robots[name] = "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(64))
        self.roles[name] = dict(roles)
        return self.robots[name]

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        with self._lock:
            if self.robots.get(user) != password or not password:
                return None
            self._note("pull_repo", user, {"repo": "web", "namespace": self.organisation})
            return frozenset().union(*(ACTIONS[role] for role in self.roles[user].values())) or frozenset({"pull"})

    def answer(self, asked: Asked) -> Told:
        if asked.bearer not in self.administrators:
            return Told(401, {"error": "invalid_token", "error_message": "Invalid bearer token"})
        path = asked.path.removeprefix("/api/v1")
        if match := re.fullmatch(r"/repository/([^/]+)/([^/]+)/permissions/user/([^/]+)", path):
            self.roles[unquote(match[3])][match[2]] = asked.body["role"]
            return Told(200, {"name": unquote(match[3]), "role": asked.body["role"], "is_robot": True})
        match = re.fullmatch(r"/(?:organization/([^/]+)|user)/(robots|logs)(?:/([^/]+))?(/permissions)?", path)
        if not match or match[1] not in (self.organisation, None):
            return Told(404, {"error_message": "Not Found", "error_type": "not_found", "status": 404})
        if match[2] == "logs":
            return self._log(asked)
        return self._robots(asked, f"{self.organisation}+{match[3]}" if match[3] else "", bool(match[4]))

    def _robots(self, asked: Asked, name: str, permissions: bool) -> Told:
        if permissions:
            held = self.roles[name].items()
            return Told(
                200,
                {"permissions": [{"repository": {"name": one, "is_public": False}, "role": r} for one, r in held]},
            )
        if not name:
            wanted = asked.first("token", "true") == "true"
            return Told(200, {"robots": [self._shown(one, value=wanted) for one in self.robots]})
        if asked.method == "PUT":
            if name in self.robots:
                return Told(400, {"message": f"Existing robot with name: {name}"})
            self.issue(name.partition("+")[2])
            self._note("create_robot", "alice", {"robot": name})
            return Told(201, {**self._shown(name, value=True), "unstructured_metadata": {}})
        del self.robots[name]
        return Told(204)

    def _shown(self, name: str, *, value: bool) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": name,
            "created": "Tue, 03 Nov 2026 10:00:00 -0000",
            "last_accessed": self.used.get(name),
        }
        told["teams"] = [{"name": one, "avatar": None} for one in self.teams.get(name, [])]
        return told | {"description": ""} | ({"token": self.robots[name]} if value else {})

    def _log(self, asked: Asked) -> Told:
        rows = [one for one in reversed(self.entries) if one["performer"]["name"] == asked.first("performer")]
        return Told(200, {"start_time": asked.first("starttime"), "end_time": asked.first("endtime"), "logs": rows})

    def _note(self, kind: str, user: str, metadata: dict[str, str]) -> None:
        told = {"kind": kind, "metadata": metadata, "ip": "203.0.113.9", "datetime": "Tue, 24 Nov 2026 09:00:00 -0000"}
        self.entries.append({**told, "performer": {"kind": "user", "name": user, "is_robot": "+" in user}})
