"""CyberArk Conjur. NAME is a variable's id; a variable holds one value, so there is no FIELD.

No real server was at hand: what is here was tried with the official client against a double that was written from the
server's source. Conjur keeps the last twenty versions and compares none, so a crossing change is not noticed; a
variable is made, and taken away, by policy only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.conjur_login import ConjurLogin, conjur_login, connect
from guides.stores.managers.manager import (
    LoginExpired,
    NotAllowed,
    NotTrusted,
    QuotaReached,
    Setting,
    Unreachable,
    check_kept,
    check_secret,
    refuse_only_copy,
)
from guides.stores.managers.names import path_parts
from guides.stores.store import Probe, StoreError, StoreMissing, StoreRefused, StoreTimedOut

if TYPE_CHECKING:
    from conjur_api import Client

MOST_BYTES = 64 * 1024
_LIBRARY = ("the library for Conjur is not installed", "pip install 'dockhygiene[conjur]'")


@dataclass(slots=True)
class ConjurManager:
    setting: Setting
    id: str = "conjur"
    title: str = "CyberArk Conjur (tried against a double of the server only)"
    proven: bool = False
    _client: Client | None = field(default=None, repr=False)

    def probe(self) -> Probe:
        if not find_spec("conjur_api"):
            return Probe(False, *_LIBRARY)
        try:
            login = self._login()
        except StoreError as error:
            return Probe(False, error.reason, error.mend)
        return Probe(True, f"set up for {login.host}; not connected yet")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        return (self._login().host,)

    def get(self, name: str, field: str = "") -> Secret | None:
        _check(name, field)
        try:
            with self._explained(name, "execute"):
                value = asyncio.run(self._connected().get(name))
        except _NotThere:
            return None
        try:
            return Secret(value.decode("utf-8")) if value is not None else None
        except UnicodeDecodeError:
            raise StoreRefused(f"{printable(name, 80)} holds bytes, no text", "name another variable") from None

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        _check(name, field)
        refuse_only_copy(self, elsewhere)
        check_secret(self.title, secret, MOST_BYTES)
        value = secret.reveal()
        if not value.strip():
            raise StoreRefused("Conjur takes no value of blanks only")
        try:
            with self._explained(name, "update"):
                asyncio.run(self._connected().set(name, value))
        except _NotThere:
            raise StoreRefused(
                f"the variable {printable(name, 80)} is not there, or hidden from you",
                "whoever owns the policy adds `- !variable`, and permits you read, execute and update",
            ) from None
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        """Where there is nothing, nothing happens; a value can only go with its variable."""
        if self.get(name, field) is not None:
            raise StoreRefused(
                f"Conjur does not erase a value: {printable(name, 80)} goes by policy",
                "whoever owns the policy loads `- !delete` of this variable",
            )

    def where(self, name: str, field: str = "") -> str:
        shown = printable(name, 200)
        login = self._login()
        return f"variable {shown} of {login.account} at {login.host}: conjur variable get -i {shown}"

    def _login(self) -> ConjurLogin:
        return conjur_login(self.setting.environ)

    def _connected(self) -> Client:
        if self._client is None:
            login = self._login()
            if not find_spec("conjur_api"):
                raise StoreMissing(*_LIBRARY)
            self._client = connect(login)
        return self._client

    @contextmanager
    def _explained(self, name: str, privilege: str) -> Iterator[None]:
        """Turns the client's errors into ours; their texts may quote an answer, and are not repeated."""
        host = self._login().host
        if not find_spec("conjur_api"):
            raise StoreMissing(*_LIBRARY)
        from conjur_api.errors import errors

        try:
            yield
        except errors.HttpStatusError as error:
            raise _answered(int(error.status), host, printable(name, 80), privilege) from None
        except (errors.HttpSslError, errors.CertificateHostnameMismatchException):
            raise NotTrusted(
                f"the certificate of {host} is not trusted, and nothing was sent",
                "set CONJUR_CERT_FILE, or compare its fingerprint with whoever runs the server and `conjur init` again",
            ) from None
        except TimeoutError:
            raise StoreTimedOut(f"{host} did not answer in time", "look at the network, then try again") from None
        except errors.HttpError:
            raise Unreachable(f"{host} cannot be reached", "look at the address, VPN and proxy") from None
        except (errors.MissingApiTokenException, errors.MissingRequiredParameterException, ValueError):
            raise LoginExpired("Conjur's access token is expired or damaged", "log in again") from None


class _NotThere(StoreError):
    pass


def _answered(status: int, host: str, name: str, privilege: str) -> StoreError:
    if status == 401:
        return LoginExpired(f"{host} does not accept this login", "conjur login, or ask for a new API key")
    if status == 403:
        return NotAllowed(f"you may not {privilege} {name}", f"ask for the privilege {privilege} on this variable")
    if status == 404:
        return _NotThere(f"{name} is not there")
    if status == 429:
        return QuotaReached(f"{host} takes no more requests now", "wait a minute")
    return StoreError(f"{host} failed (status {status})", "try again later")


def _check(name: str, field: str) -> None:
    path_parts(name)
    if field:
        raise StoreRefused("a variable of Conjur holds one value and has no fields", "leave the field out")
