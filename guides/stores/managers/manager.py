"""One interface for every manager of secrets: Vault, AWS Secrets Manager, KeePass, `pass`, a keyring and so on.

Address and login are the manager's own (its variables, files, programs), never a file of ours. A secret is found by a
name and, where the manager keeps several values under one name, a field; `#FIELD` in a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from checks.model.secret import Secret
from guides.stores.store import Probe, StoreError, StoreRefused

ONLY_FAKED = "tried against a fake program only"
"""What stands in the title of a manager whose real program no test could run."""


class VersionConflict(StoreError):
    """Somebody else changed it between our reading and our writing; nothing of theirs was overwritten."""


class NotAllowed(StoreError):
    """The manager knows this login, and it may not do that."""


class LoginExpired(StoreError):
    """There is no login, or it is not valid any more."""


class Sealed(StoreError):
    """The server runs and cannot open its own storage."""


class Unreachable(StoreError):
    """The network, the host's name, or the server itself is not there."""


class NotTrusted(StoreError):
    """The server's TLS certificate was not accepted; nothing was sent."""


class QuotaReached(StoreError):
    """Too many requests, or too much is kept there already."""


class ScheduledForDeletion(StoreError):
    """It is there, and it is on its way out."""


class WrongRegion(StoreError):
    """The region is unknown, not enabled, or not named."""


class WrongPassword(StoreError):
    """The master password or the key file does not open it."""


Ask = Callable[[str], "Secret | None"]


def nobody(_: str) -> Secret | None:
    """Answers no question: for where nobody can be asked."""
    return None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a manager works with. `ask` gets a question ("Master password of ...") and gives what the person typed."""

    environ: Mapping[str, str] = field(repr=False)
    ask: Ask = nobody


class Manager(Protocol):
    """One manager. Methods raise StoreError, each kind of failure its own; they work in any thread that has no event
    loop of its own running. An empty field means the one value, or the manager's usual field ("password")."""

    @property
    def id(self) -> str:
        """STORE in `dockhygiene://STORE/NAME#FIELD`."""

    @property
    def title(self) -> str: ...

    @property
    def proven(self) -> bool:
        """False: tried against a fake program only, and therefore never the only place of a secret."""

    def probe(self) -> Probe:
        """Whether it is installed and configured, and how to mend that. Connects nowhere, starts nothing."""

    def destinations(self, name: str = "") -> tuple[str, ...]:
        """The hosts that see what is asked and kept, to be agreed to before; empty where it stays on this machine."""

    def get(self, name: str, field: str = "") -> Secret | None:
        """None where the manager says that there is no such name, or no such field."""

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        """Creates it, or adds a version; other fields stay. It has been read back equal when this returns.

        `elsewhere`: the secret is held in another working place too. Without it a manager that is not proven refuses.
        """

    def erase(self, name: str, field: str = "") -> None:
        """Takes the field away, and the name where it was the last one. Where nothing is held, nothing happens."""

    def where(self, name: str, field: str = "") -> str:
        """What the reference names, and how a person looks at it: one line that can be shown."""


def refuse_only_copy(manager: Manager, elsewhere: bool) -> None:
    """Raises StoreRefused where the only copy would go to a manager that was never seen working."""
    if not manager.proven and not elsewhere:
        raise StoreRefused(
            f"{manager.title}: it may not hold the only copy", "keep the secret in another store as well, first"
        )


def check_secret(title: str, secret: Secret, most_bytes: int | None = None) -> None:
    """Raises StoreRefused for what no manager would give back as it is."""
    if not secret:
        raise StoreRefused("an empty secret is not kept")
    if not secret.is_text:
        raise StoreRefused("the secret is not text in UTF-8, and would not come back as it is")
    if most_bytes is not None and secret.size > most_bytes:
        raise StoreRefused(f"{title} holds at most {most_bytes} bytes, and this secret has {secret.size}")


def check_kept(manager: Manager, name: str, field: str, secret: Secret) -> None:
    """After a write: raises StoreError unless the same is read back. Compares in constant time."""
    if manager.get(name, field) != secret:
        raise StoreError(
            f"{manager.title} gives back something else than what was put in",
            "do not rely on this copy: look at it with the manager's own tool",
        )
