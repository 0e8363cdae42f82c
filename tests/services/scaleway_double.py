"""A double of Scaleway's IAM: API keys of applications, the log, and the registry that takes their secret keys."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from tests.services.double import Asked, Told
from tests.services.registry_double import ProviderDouble, RegistryDouble

ORGANISATION = "7c1a2d30-0000-4000-8000-000000000001"


class ScalewayDouble(ProviderDouble):
    """Keys by their access key; `managers` has the access keys with rights on IAM."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, dict[str, Any]] = {}
        self.values: dict[str, str] = {}
        self.managers: set[str] = set()
        self.entries: list[dict[str, Any]] = []
        self.registry = RegistryDouble(self.enter, service="registry")

    def issue(self, application: str = "ci", description: str = "laptop", *, manages: bool = False) -> str:
        """An API key; its access key."""
        access = "SCW" + "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(17))
        told: dict[str, Any] = {"access_key": access, "application_id": application, "description": description}
        told |= {"default_project_id": ORGANISATION, "editable": True, "deletable": True, "managed": False}
        told |= {"created_at": self.moment(), "updated_at": self.moment(), "expires_at": None}
        self.keys[access] = told | {"creation_ip": "203.0.113.9"}
        self.values[access] = str(uuid.uuid4())
        if manages:
            self.managers.add(access)
        return access

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        with self._lock:
            return frozenset({"pull"}) if self._access(password) else None

    def _access(self, value: str) -> str | None:
        return next((access for access in self.keys if self.values[access] == value), None)

    def answer(self, asked: Asked) -> Told:
        access = self._access(asked.headers.get("X-Auth-Token") or "")
        if access is None:
            return Told(401, {"type": "denied_authentication", "message": "authentication is denied"})
        if access not in self.managers:
            return Told(403, {"type": "permissions_denied", "message": "insufficient permissions"})
        if asked.path.endswith("/logs"):
            rows = [one for one in reversed(self.entries) if one["bearer_id"] == asked.first("search")]
            return Told(200, {"logs": rows, "total_count": len(rows)})
        if asked.method == "POST":
            return self._create(asked)
        name = asked.path.rpartition("/")[2]
        if name not in self.keys:
            return Told(404, {"type": "not_found", "resource": "apikey", "resource_id": name})
        if asked.method == "DELETE":
            del self.keys[name]
            return Told(204)
        return Told(200, {**self.keys[name], "secret_key": None})

    def _create(self, asked: Asked) -> Told:
        made = self.issue(asked.body["application_id"], asked.body["description"])
        self.keys[made]["expires_at"] = asked.body.get("expires_at")
        told = {"id": str(uuid.uuid4()), "created_at": self.moment(), "ip": "203.0.113.9", "user_agent": "test"}
        told |= {"action": "created", "bearer_id": asked.body["application_id"], "organization_id": ORGANISATION}
        self.entries.append({**told, "resource_type": "api_key", "resource_id": made})
        return Told(200, {**self.keys[made], "secret_key": self.values[made]})
