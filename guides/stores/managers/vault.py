"""HashiCorp Vault and OpenBao: the key-value engine, versions 1 and 2. NAME is MOUNT/PATH, FIELD a key of it.

Version 2 is written with check-and-set, so a change of somebody else's is never overwritten. Version 1 has no versions:
what is read, changed and written there can cross with somebody else's change, and the preview says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.manager import Setting, check_kept, check_secret
from guides.stores.managers.names import path_parts
from guides.stores.managers.vault_login import address, configured, connect, setting
from guides.stores.managers.vault_trouble import explained, explained_login
from guides.stores.store import Probe, StoreError, StoreRefused

if TYPE_CHECKING:
    import hvac

USUAL = "value"
MOST_BYTES = 500_000
"""Vault takes half a megabyte in one entry with its integrated storage; a secret is never that long."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name lies: the mount, the path below it, and the engine's version."""

    mount: str
    path: str
    version: int


@dataclass(frozen=True, slots=True)
class _Held:
    """What an entry holds. `version` is what check-and-set compares: 0 where nothing was ever kept."""

    fields: dict[str, Any] = field(repr=False)
    version: int


@dataclass(slots=True)
class VaultManager:
    setting: Setting
    id: str = "vault"
    title: str = "HashiCorp Vault or OpenBao"
    proven: bool = True
    _client: hvac.Client | None = field(default=None, repr=False)
    """Logged in once: a secret id of an AppRole may be good for one use only."""

    def probe(self) -> Probe:
        try:
            configured(self.setting.environ)
        except StoreError as error:
            return Probe(False, error.reason, error.mend)
        if not find_spec("hvac"):
            return Probe(False, "the library for Vault is not installed", "pip install 'dockhygiene[vault]'")
        return Probe(True, f"set up for {self._host()}; not connected yet")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        return (self._host(),)

    def get(self, name: str, field: str = "") -> Secret | None:
        client = self._connected()
        with self._explained(name, "read"):
            held = _read(client, _place(client, name))
        return _secret(held.fields.get(field or USUAL), name, field or USUAL)

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        check_secret(self.title, secret, MOST_BYTES)
        client = self._connected()
        with self._explained(name, "read"):
            place = _place(client, name)
            held = _read(client, place)
        with self._explained(name, "create and update"):
            _write(client, place, {**held.fields, field or USUAL: secret.reveal()}, held.version)
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        client = self._connected()
        with self._explained(name, "read"):
            place = _place(client, name)
            held = _read(client, place)
        left = {key: value for key, value in held.fields.items() if key != (field or USUAL)}
        if left == held.fields:
            return
        with self._explained(name, "update" if left else "delete"):
            if left:
                _write(client, place, left, held.version)
            elif place.version == 2:
                client.secrets.kv.v2.delete_metadata_and_all_versions(place.path, mount_point=place.mount)
            else:
                client.secrets.kv.v1.delete_secret(place.path, mount_point=place.mount)

    def where(self, name: str, field: str = "") -> str:
        mount, _, path = printable(name, 200).partition("/")
        namespace = printable(setting(self.setting.environ, "NAMESPACE"), 60)
        inside = f" (namespace {namespace})" if namespace else ""
        key = printable(field or USUAL, 60)
        return f"{key} of {mount}/{path} at {self._host()}{inside}: vault kv get -mount={mount} -field={key} {path}"

    def _host(self) -> str:
        return urlsplit(address(self.setting.environ)).netloc

    def _connected(self) -> hvac.Client:
        if self._client is None:
            configured(self.setting.environ)
            if not find_spec("hvac"):
                raise StoreError(self.probe().reason, self.probe().mend)
            with self._explained("", "log in"), explained_login(self._host()):
                self._client = connect(self.setting.environ)
        return self._client

    def _explained(self, name: str, right: str) -> Any:
        return explained(self._host(), printable(name, 200), right, self._login_works)

    def _login_works(self) -> bool:
        """Whether the token is one at all; every token may look at itself."""
        from hvac import exceptions

        try:
            return bool(self._client and self._client.auth.token.lookup_self())
        except exceptions.VaultError:
            return False


def _place(client: hvac.Client, name: str) -> _Place:
    """Asks the server for the mount and its version, as its own command line does; any right on the path allows it."""
    path_parts(name, least=2)
    told = _answer(client.adapter.get(f"/v1/sys/internal/ui/mounts/{name}"))
    mount = str(told.get("path", "")).rstrip("/")
    if told.get("type") not in ("kv", "generic") or not name.startswith(f"{mount}/"):
        raise StoreRefused(f"{printable(name, 80)} does not lie in a key-value engine", "`vault secrets list`")
    version = 2 if (told.get("options") or {}).get("version") == "2" else 1
    return _Place(mount, name.removeprefix(f"{mount}/"), version)


def _read(client: hvac.Client, place: _Place) -> _Held:
    from hvac import exceptions

    engine = client.secrets.kv
    try:
        if place.version == 1:
            return _Held(_answer(engine.v1.read_secret(place.path, mount_point=place.mount)), 0)
        told = _answer(
            engine.v2.read_secret_version(place.path, mount_point=place.mount, raise_on_deleted_version=False)
        )
    except exceptions.InvalidPath:
        return _Held({}, 0)
    return _Held(dict(told.get("data") or {}), int(told["metadata"]["version"]))  # no data: the version was deleted


def _write(client: hvac.Client, place: _Place, fields: dict[str, Any], version: int) -> None:
    if place.version == 1:
        client.secrets.kv.v1.create_or_update_secret(place.path, fields, mount_point=place.mount)
    else:
        client.secrets.kv.v2.create_or_update_secret(place.path, fields, cas=version, mount_point=place.mount)


def _answer(told: Any) -> dict[str, Any]:
    """The `data` of an answer. A redirect has none: it would hand the token to another host."""
    data = told.get("data") if isinstance(told, dict) else None
    if not isinstance(data, dict):
        raise StoreError("the server did not answer for itself", "set VAULT_ADDR to the active node, or ask its owner")
    return data


def _secret(held: object, name: str, field: str) -> Secret | None:
    if held is None:
        return None
    if not isinstance(held, str):
        raise StoreRefused(f"{printable(field, 60)} of {printable(name, 80)} is no text", "name another field")
    return Secret(held)
