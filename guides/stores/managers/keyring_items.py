"""The items themselves: over D-Bus without any library but jeepney, since it has to be fast, or through `keyring`."""

from __future__ import annotations

from typing import Self
from urllib.parse import quote

from guides.stores.own.keyring_backend import KeyringItems, allowed_backend
from guides.stores.own.secret_service import SecretItems
from guides.stores.own.trouble import NoService

SCHEMA = {"xdg:schema": "io.dockhygiene.Secret"}
SERVICE = "dockhygiene secret"


class DesktopItems(SecretItems):
    """One item for a field. `hold` replaces it in one step, and the old value is there until then."""

    schema = SCHEMA

    def value(self, name: str, field: str) -> str | None:
        found = self.newest({"name": name, "field": field})
        return found[1] if found else None

    def hold(self, name: str, field: str, value: str) -> None:
        self.keep(f"dockhygiene {name} {field}", {"name": name, "field": field}, {}, value)

    def drop(self, name: str, field: str) -> None:
        self.remove({"name": name, "field": field})


class OtherItems(KeyringItems):
    """macOS and Windows, not run there. What keyring writes replaces in one step too."""

    service = SERVICE
    index = f"{SERVICE} index"

    @classmethod
    def found(cls) -> Self:
        backend = allowed_backend()
        if backend is None:
            raise NoService("no keyring of this operating system can be used from Python")
        return cls(backend)

    def value(self, name: str, field: str) -> str | None:
        held = self.get(_key(name, field))
        return held[1] if held else None

    def hold(self, name: str, field: str, value: str) -> None:
        self.store(_key(name, field), "", value)

    def drop(self, name: str, field: str) -> None:
        self.erase(_key(name, field))


def _key(name: str, field: str) -> str:
    return f"{quote(name)}#{quote(field)}"
