"""What a registry said of a credential."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checks.model.secret import Secret


class Verdict(StrEnum):
    """Outcomes kept apart: only the first two mean that it works, only REFUSED and EXPIRED that it does not."""

    VALID = "valid"
    LIMITED = "valid but limited"
    REFUSED = "refused"
    EXPIRED = "expired"
    RATE_LIMITED = "rate limited"
    LOCKED_OUT = "locked out"
    UNREACHABLE = "unreachable"
    TLS_ERROR = "TLS error"
    REFUSED_REALM = "refused realm"
    NO_AUTHENTICATION = "no authentication needed"
    UNKNOWN = "unknown"

    @property
    def works(self) -> bool:
        return self in (Verdict.VALID, Verdict.LIMITED)

    @property
    def dead(self) -> bool:
        return self in (Verdict.REFUSED, Verdict.EXPIRED)


@dataclass(frozen=True, slots=True)
class RegistryLogin:
    """What is sent to a registry. `identity`: the secret is an identity token, and not a password of the user."""

    registry: str
    """As people name it: `docker.io`, or host and port."""
    username: str
    secret: Secret
    identity: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """One verification: the verdict, in one sentence why, and what it rests on."""

    registry: str
    verdict: Verdict
    reason: str
    hosts: tuple[str, ...] = ()
    """Hosts that saw the secret."""
    challenged: bool = False
    """The right host answered an anonymous request with 401, over valid TLS (or on this machine)."""
    control_refused: bool | None = None
    """Whether a random user with a random secret was refused; None where that was not asked."""
    granted: tuple[str, ...] = ()
    """Actions that the registry granted for the repository asked about: `pull`, `push`, `delete`.

    Empty where none was asked about, where nothing is granted (the verdict is LIMITED then), and where it did not say.
    """
    realm: str = ""
    """The host of the token service, where it is another one than the registry's. With REFUSED_REALM: the host to agree
    to, and to name in `realms` when asking again; empty where consent would not help."""
    retry_after: float | None = None
    """Seconds that a rate-limited or locked-out caller should wait, where the host said so."""

    @property
    def accepted(self) -> bool:
        """It works, and that means something: the same host refuses strangers."""
        return self.verdict.works and self.control_refused is True

    @property
    def refused(self) -> bool:
        """The right host was there, asked for a login, and did not take this one."""
        return self.verdict.dead and self.challenged


def proves_dead(after: Verification, *, accepted_before: bool, new_accepted: bool) -> bool:
    """Whether "revoked" may be said: refused now by the right host, and either it was accepted there before, or the
    new credential is accepted there now."""
    return after.refused and (accepted_before or new_accepted)
