"""The desktop's keyring, in a schema of our own: docker's helpers find none of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket

from checks.model.secret import Secret
from guides.stores.case.store import check_kept, check_name, check_value, probe
from guides.stores.own.secret_service import CALL_SECONDS, SecretService
from guides.stores.own.trouble import Locked, NoService, Trouble
from guides.stores.store import Probe, StoreError, StoreLocked, StoreMissing, StoreTimedOut

_UNLOCK = "unlock it on the desktop (Passwords and Keys), then try again"


class CaseItems(SecretService):
    """Items of cases: `server` is the name, and there is no user."""

    schema = {"xdg:schema": "io.dockhygiene.Case"}  # noqa: RUF012  as the base class has it
    marks: dict[str, str] = {}  # noqa: RUF012

    def label(self, server: str) -> str:
        return f"dockhygiene case {server}"


@dataclass(frozen=True)
class SecretServiceCaseStore:
    environ: Mapping[str, str] = field(repr=False)
    id: str = "secretservice"
    title: str = "desktop keyring (Secret Service)"

    def probe(self) -> Probe:
        return probe(self)

    def get(self, name: str) -> Secret | None:
        check_name(name)
        with self._items() as items:
            held = items.get(name)
        return None if held is None else Secret(held[1])

    def put(self, name: str, secret: Secret) -> None:
        check_name(name)
        check_value(secret)
        with self._items() as items:
            items.store(name, "", secret.reveal())
        check_kept(self.title, self.get(name), secret)

    def erase(self, name: str) -> None:
        check_name(name)
        with self._items() as items:
            items.erase(name)

    def names(self) -> tuple[str, ...]:
        with self._items() as items:
            return tuple(sorted(items.servers()))

    @contextmanager
    def _items(self) -> Iterator[CaseItems]:
        """A connection for one act: a long-lived one would break when the session bus is restarted."""
        try:
            items = CaseItems(_connected(_bus_path(self.environ)))
            try:
                yield items
            finally:
                items.close()
        except Locked as error:
            raise StoreLocked(str(error), _UNLOCK) from None
        except NoService as error:
            raise StoreMissing(str(error), "start a keyring, or set up `pass`: dockhygiene move") from None
        except Trouble as error:
            raise StoreError(str(error)) from None
        except TimeoutError:
            raise StoreTimedOut("the keyring did not answer in time") from None
        except (OSError, ValueError, LookupError, TypeError) as error:
            # a bus that breaks off or talks nonsense; the error's own text could quote what was sent
            raise StoreError(f"the keyring could not be used ({type(error).__name__})") from None


def _bus_path(environ: Mapping[str, str]) -> str:
    address = environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if not address:
        path = Path(environ.get("XDG_RUNTIME_DIR") or "/no-runtime-folder") / "bus"
        if not path.is_socket():
            raise NoService("no D-Bus session bus: DBUS_SESSION_BUS_ADDRESS is not set, so no keyring can be reached")
        return str(path)
    try:
        return str(get_bus(address))  # type: ignore[no-untyped-call]
    except (RuntimeError, ValueError, StopIteration):
        raise NoService("no D-Bus session bus: DBUS_SESSION_BUS_ADDRESS names no socket on this machine") from None


def _connected(path: str) -> DBusConnection:
    """jeepney says Hello to the bus without a time limit, so it does that in a thread that can be left behind."""
    made: list[DBusConnection | Exception] = []

    def connect() -> None:
        try:
            made.append(DBusConnection(prep_socket(path, timeout=CALL_SECONDS)))
        except (OSError, ValueError) as error:
            made.append(error)

    thread = threading.Thread(target=connect, name="session bus", daemon=True)
    thread.start()
    thread.join(CALL_SECONDS)
    if not made:
        raise TimeoutError
    if isinstance(made[0], DBusConnection):
        return made[0]
    raise NoService("no D-Bus session bus: nothing answers at its address")
