"""A use: a place that will stop working when a credential dies, even when only a name stands there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from checks.model.secret import FingerprintKey, Secret


@dataclass(frozen=True, slots=True)
class Use:
    """One use. With `secret` the value itself stands there; else a name does, and the value lives in a service."""

    kind: str
    """Id of the system: `github-actions`, `kubernetes`, `compose` ..."""
    title: str
    """One line for people, without the place: "docker/login-action in the job publish"."""
    path: str
    line: int | None = None
    """Counts from 1."""
    registry: str | None = None
    """The registry's name as `registry_names.registry_of` gives it, where it stands there."""
    username: str | None = None
    name: str = ""
    """Name of the secret, connection or credential in that system: `DOCKERHUB_TOKEN`."""
    repository: str | None = None
    """An image repository that this place pulls or pushes, without registry and tag: `acme/shop`."""
    pushes: bool = False
    """Whether it needs more than pulling."""
    secret: Secret | None = None
    update: str = ""
    """Where the value is changed: a page (with the names known filled in), a command, or "in this file"."""
    implied: bool = False
    """Nothing but the name of the secret speaks of the registry: `DOCKERHUB_TOKEN`."""

    def id(self, key: FingerprintKey) -> str:
        """Stable across runs and line moves; says nothing about a secret without the key."""
        return key.of("use", self.kind, self.path, self.title, self.registry or "", self.name, self.secret or "")[:16]


class Match(IntEnum):
    """How sure it is that a use belongs to a credential, by what was compared."""

    REGISTRY = 1
    REGISTRY_AND_USER = 2
    SECRET = 3

    @property
    def label(self) -> str:
        """For reports: `secret`, `registry-and-user`, `registry`."""
        return self.name.lower().replace("_", "-")

    @property
    def says(self) -> str:
        return {1: "same registry: possible", 2: "same registry and user: likely", 3: "the same secret: certain"}[self]
