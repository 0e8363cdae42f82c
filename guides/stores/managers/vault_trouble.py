"""What the errors of Vault and OpenBao mean, and how to mend them. Nothing that a server says is repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from guides.stores.managers.manager import (
    LoginExpired,
    NotAllowed,
    NotTrusted,
    QuotaReached,
    Sealed,
    Unreachable,
    VersionConflict,
)
from guides.stores.managers.vault_login import LOG_IN
from guides.stores.store import StoreError, StoreRefused, StoreTimedOut

CONFLICT = "check-and-set parameter did not match"


@contextmanager
def explained(host: str, name: str, right: str, login_works: Callable[[], bool]) -> Iterator[None]:
    """Turns the library's errors into ours. Only used once the library is known to be there."""
    import requests
    from hvac import exceptions

    try:
        yield
    except requests.exceptions.SSLError:
        raise NotTrusted(
            f"the certificate of {host} is not trusted, and nothing was sent",
            "set VAULT_CACERT to your organisation's authority, or ask who runs the server",
        ) from None
    except requests.exceptions.Timeout:
        raise StoreTimedOut(f"{host} did not answer in time", "look at the network, then try again") from None
    except requests.exceptions.RequestException:
        raise Unreachable(f"{host} cannot be reached", "look at VAULT_ADDR, VPN and proxy, then try again") from None
    except exceptions.Forbidden:
        # the server says "permission denied" for both
        if login_works():
            raise NotAllowed(
                f"your token may not {right} {name}, or no secrets engine is there",
                f"ask for a policy with {right} on exactly this path",
            ) from None
        raise LoginExpired("your token for Vault is expired or was revoked", LOG_IN) from None
    except exceptions.Unauthorized:
        raise LoginExpired("Vault does not know this login", LOG_IN) from None
    except exceptions.InvalidPath:
        raise StoreRefused(f"{host} has no secrets engine at {name}", "`vault secrets list` shows the mounts") from None
    except exceptions.RateLimitExceeded:
        raise QuotaReached(f"{host} takes no more requests now: a quota is used up", "wait a minute") from None
    except exceptions.VaultNotInitialized:
        raise Sealed(f"{host} was never initialised", "whoever runs it has to do that") from None
    except exceptions.VaultDown:
        raise Sealed(
            f"{host} is sealed, or in maintenance: it cannot open its own storage", "whoever runs it has to unseal it"
        ) from None
    except exceptions.InvalidRequest as error:
        if any(CONFLICT in str(one) for one in error.errors or ()):
            raise VersionConflict(
                f"somebody changed {name} at the same moment; nothing was overwritten", "look at it, then try again"
            ) from None
        raise StoreRefused(f"{host} refused the request for {name}", "look at the name, then try again") from None
    except exceptions.VaultError as error:
        # a text of the server's could repeat what was sent
        raise StoreError(f"{host} failed ({type(error).__name__})", "try again later") from None


@contextmanager
def explained_login(host: str) -> Iterator[None]:
    """An AppRole that is not accepted is answered with 400, and its own text."""
    from hvac import exceptions

    try:
        yield
    except (exceptions.InvalidRequest, exceptions.Forbidden, exceptions.Unauthorized):
        raise LoginExpired(
            f"{host} does not accept this AppRole", "look at VAULT_ROLE_ID, and ask for a new VAULT_SECRET_ID"
        ) from None
