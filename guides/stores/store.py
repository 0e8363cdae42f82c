"""Where a credential may safely live: one interface for every store.

A store holds one record per registry, keyed by the *server* that docker asks for: the host name, or
`https://index.docker.io/v1/` for Docker Hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from checks.model.secret import Secret

TOKEN_USER = "<token>"
"""The user name that marks an identity token in docker's helper protocol."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a store holds for one server. `username` is `<token>` when the secret is an identity token."""

    server: str
    username: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class Limits:
    """What a store cannot hold. Sizes in bytes of UTF-8; None means no practical limit."""

    secret_bytes: int | None = None
    slash_in_username: bool = True
    trailing_newline: bool = True


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether a store works here, shown by a round trip; else why not, and the one command or act that mends it."""

    works: bool
    reason: str
    mend: str = ""


class StoreError(Exception):
    """A store did not do what it was asked. `reason` says what happened, `mend` what to do next."""

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(reason if not mend else f"{reason} ({mend})")
        self.reason = reason
        self.mend = mend


class StoreMissing(StoreError):
    """The store's program or service is not on this machine."""


class StoreLocked(StoreError):
    """The store is there but locked, and nobody unlocked it."""


class StoreTimedOut(StoreError):
    """The store did not answer in time; its whole process group was killed."""


class StoreRefused(StoreError):
    """The record does not fit the store's limits."""


def keep_within(limits: Limits, title: str, record: Record) -> None:
    """Raises StoreRefused for a record beyond these limits."""
    size = record.secret.size
    if limits.secret_bytes is not None and size > limits.secret_bytes:
        mend = "use another store, or a helper of the cloud provider that fetches short tokens"
        raise StoreRefused(f"{title} holds at most {limits.secret_bytes} bytes, and this secret has {size}", mend)
    if "/" in record.username and not limits.slash_in_username:
        raise StoreRefused(f"{title} destroys entries whose user name has a slash", "use another store (--to)")
    if record.secret.ends_with_newline and not limits.trailing_newline:
        raise StoreRefused(f"{title} cuts newlines off the end of a secret", "use another store (--to)")


class Store(Protocol):
    """One store. Methods raise StoreError; `get` returns None where nothing is held for the server."""

    @property
    def id(self) -> str:
        """Suffix of the helper that serves it: `credHelpers` names this."""

    @property
    def title(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    def accept(self, record: Record) -> None:
        """Raises StoreRefused for a record that this store would lose or damage. Touches nothing."""

    def probe(self) -> Probe: ...

    def get(self, server: str) -> Record | None: ...

    def put(self, record: Record) -> None: ...

    def erase(self, server: str) -> None:
        """Removes every record of the server, whatever its user name. A server that is not held is no error."""

    def list(self) -> dict[str, str]:
        """Server to user name, as the store tells it: for people, never for proof."""
