"""A double of DigitalOcean: personal tokens, registry logins that they make, and the registry. No call ends one."""

from __future__ import annotations

import base64
import secrets

from tests.services.double import Asked, Told
from tests.services.registry_double import ProviderDouble, RegistryDouble


class DigitalOceanDouble(ProviderDouble):
    def __init__(self) -> None:
        super().__init__()
        self.tokens: set[str] = set()
        self.logins: dict[str, bool] = {}
        """Registry logins, and whether each may push."""
        self.registry = RegistryDouble(self.enter, service="registry.digitalocean.com")

    def issue(self) -> str:
        made = f"dop_v1_{secrets.token_hex(32)}"
        self.tokens.add(made)
        return made

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        with self._lock:
            if password in self.tokens:
                return frozenset({"pull", "push"})
            if password not in self.logins:
                return None
            return frozenset({"pull", "push"}) if self.logins[password] else frozenset({"pull"})

    def answer(self, asked: Asked) -> Told:
        if asked.bearer not in self.tokens:
            return Told(401, {"id": "Unauthorized", "message": "Unable to authenticate you"})
        if asked.path == "/v2/account":
            return Told(200, {"account": {"email": "alice@example.com", "status": "active"}})
        made = f"doo_v1_{secrets.token_hex(32)}"
        self.logins[made] = asked.first("read_write") == "true"
        auth = base64.b64encode(f"{made}:{made}".encode()).decode()
        return Told(200, {"auths": {"registry.digitalocean.com": {"auth": auth}}})
