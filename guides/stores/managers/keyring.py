"""The keyring of the operating system: the Secret Service on Linux desktops, else what Python's `keyring` trusts.

One item for each field, in a schema of our own that neither docker's helpers nor a case's store look at; other programs
find it by its attributes (`secret-tool lookup name NAME field FIELD`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Protocol

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.manager import Setting, check_kept, check_secret
from guides.stores.own.trouble import Locked, NoBus, NoService, Trouble
from guides.stores.store import Probe, StoreError, StoreLocked, StoreMissing, StoreRefused, StoreTimedOut

USUAL = "password"
MOST_BYTES = 256 * 1024
WINDOWS_CHARACTERS = 1200
"""Windows keeps 2560 bytes, and keyring writes UTF-16 (keyring#540), with JSON around it."""

_ELSEWHERE = "use `pass` on a machine without a desktop, or start gnome-keyring under dbus-run-session"


class _Items(Protocol):
    def value(self, name: str, field: str) -> str | None: ...
    def hold(self, name: str, field: str, value: str) -> None: ...
    def drop(self, name: str, field: str) -> None: ...


@dataclass(slots=True)
class KeyringManager:
    setting: Setting
    id: str = "keyring"
    title: str = "keyring of the operating system"
    proven: bool = sys.platform == "linux"

    def probe(self) -> Probe:
        environ = self.setting.environ
        if sys.platform == "linux" and not (environ.get("DBUS_SESSION_BUS_ADDRESS") or environ.get("XDG_RUNTIME_DIR")):
            return Probe(False, "there is no D-Bus session bus, so no keyring can be reached", _ELSEWHERE)
        return Probe(True, "set up; not unlocked yet")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        return ()

    def get(self, name: str, field: str = "") -> Secret | None:
        _check(name, field)
        with self._items() as items:
            held = items.value(name, field or USUAL)
        return Secret(held) if held else None

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        _check(name, field)
        check_secret(self.title, secret, MOST_BYTES)
        value = secret.reveal()
        if "\0" in value or (sys.platform == "win32" and len(value) > WINDOWS_CHARACTERS):
            raise StoreRefused("this keyring cannot hold so long a secret, or a NUL character", "use another store")
        with self._items() as items:
            items.hold(name, field or USUAL, value)
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        _check(name, field)
        with self._items() as items:
            items.drop(name, field or USUAL)

    def where(self, name: str, field: str = "") -> str:
        shown, key = printable(name, 200), printable(field or USUAL, 60)
        if sys.platform == "linux":
            return f"{key} of {shown} in the keyring: secret-tool lookup name {shown} field {key}"
        return f"{key} of {shown} in the keyring, under `dockhygiene secret`"

    @contextmanager
    def _items(self) -> Iterator[_Items]:
        try:
            if sys.platform == "linux":
                from guides.stores.managers.keyring_items import DesktopItems

                with closing(DesktopItems.connect(self.setting.environ)) as items:
                    yield items
            else:
                from guides.stores.managers.keyring_items import OtherItems

                yield OtherItems.found()
        except Locked as error:
            raise StoreLocked(str(error), "unlock it on the desktop (Passwords and Keys), then try again") from None
        except (NoBus, NoService) as error:
            raise StoreMissing(str(error), _ELSEWHERE) from None
        except Trouble as error:
            raise StoreError(str(error)) from None
        except TimeoutError:
            raise StoreTimedOut("the keyring did not answer in time", "look whether it asks for something") from None
        except (OSError, ValueError, LookupError, TypeError) as error:
            # the error's own text could quote what was sent
            raise StoreError(f"the keyring could not be used ({type(error).__name__})") from None


def _check(name: str, field: str) -> None:
    if not name or not name.isprintable() or not field.isprintable() or len(name) + len(field) > 500:
        raise StoreRefused(f"{printable(name, 80)} is no name that a keyring takes", "choose a plain one")
