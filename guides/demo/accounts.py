"""Who may come in at a demo registry: passwords, and the tokens handed out for them. All of it in memory."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from checks.model.secret import Secret

LIFETIME = 300
ACTIONS = frozenset({"pull", "push", "delete"})
MOST_TOKENS = 10_000


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token stands for. `name` is empty for nobody in particular; `password` is the one it was asked with."""

    name: str
    password: Secret | None = None
    scopes: frozenset[tuple[str, str]] = frozenset()
    ends: float = float("inf")

    def allows(self, repository: str, action: str) -> bool:
        return (repository, action) in self.scopes


class Accounts:
    """Users and their tokens. One user may hold several passwords, as one may hold several access tokens elsewhere."""

    def __init__(self, users: Mapping[str, Secret]) -> None:
        self._lock = threading.Lock()
        self._passwords = {name: [password] for name, password in users.items()}
        self._identity: dict[Secret, Pass] = {}
        self._access: dict[Secret, Pass] = {}

    def add(self, name: str, password: Secret) -> None:
        with self._lock:
            self._passwords.setdefault(name, []).append(password)

    def revoke(self, name: str, password: Secret | None = None) -> None:
        """Ends one password, or all of a user's, and every token that was asked for with it. At once."""
        with self._lock:
            kept = [each for each in self._passwords.get(name, []) if password is not None and each != password]
            self._passwords[name] = kept
            for table in (self._identity, self._access):
                for token, held in list(table.items()):
                    if held.name == name and (password is None or held.password == password):
                        del table[token]

    def revoke_identity(self, token: Secret) -> None:
        with self._lock:
            self._identity.pop(token, None)

    def by_password(self, name: str, password: Secret) -> Pass | None:
        """Compares with every password of the user in constant time; an unknown name costs one comparison too."""
        with self._lock:
            known = self._passwords.get(name) or [Secret("")]
            matches = [each == password for each in known]
        return Pass(name, password) if any(matches) and password else None

    def by_identity(self, token: Secret) -> Pass | None:
        with self._lock:
            return self._identity.get(token)

    def by_access(self, token: Secret) -> Pass | None:
        with self._lock:
            held = self._access.get(token)
            return held if held and held.ends > time.monotonic() else None

    def issue_identity(self, holder: Pass) -> str:
        """A token that lives until it is revoked. The text goes straight into an answer; only its Secret is kept."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._keep(self._identity, token, Pass(holder.name, holder.password))
        return token

    def issue_access(self, holder: Pass, scopes: list[str]) -> str:
        """A token for a few minutes and these scopes. Nobody in particular gets one that allows nothing."""
        token = secrets.token_urlsafe(32)
        granted = frozenset(grant for scope in scopes for grant in _grants(scope)) if holder.name else frozenset()
        with self._lock:
            now = time.monotonic()
            for old in [each for each, held in self._access.items() if held.ends <= now]:
                del self._access[old]
            self._keep(self._access, token, Pass(holder.name, holder.password, granted, now + LIFETIME))
        return token

    @staticmethod
    def _keep(table: dict[Secret, Pass], token: str, held: Pass) -> None:
        if len(table) >= MOST_TOKENS:
            del table[next(iter(table))]
        table[Secret(token)] = held


def _grants(scope: str) -> list[tuple[str, str]]:
    """`repository:NAME:pull,push` taken apart. A name may hold a colon: cut at both ends."""
    kind, _, rest = scope.partition(":")
    name, _, actions = rest.rpartition(":")
    if kind != "repository":
        return []
    return [(name, action) for action in actions.split(",") if action in ACTIONS]
