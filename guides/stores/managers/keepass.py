"""KeePass files (.kdbx, versions 3.1 and 4), as KeePassXC and KeePass read them. NAME is FILE.kdbx/GROUP/TITLE.

FILE begins with `/` or `~/`. FIELD is `password`, `username`, `url`, `notes` or a field of the entry's own. The file is
written beside itself and then renamed, and only if nobody changed it since it was read. The entry keeps its history.
The master password is asked for; databases that need a key file as well are not opened.
"""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.manager import Setting, VersionConflict, WrongPassword, check_kept, check_secret
from guides.stores.managers.names import path_parts
from guides.stores.store import Probe, StoreError, StoreLocked, StoreMissing, StoreRefused

if TYPE_CHECKING:
    from pykeepass import PyKeePass

ENDING = ".kdbx"
USUAL = "password"
MOST_FILE = 64 << 20
MOST_BYTES = 256 * 1024
ATTRIBUTES = {"password": "password", "username": "username", "url": "url", "notes": "notes"}
RESERVED = ("title", "tags", "iconid", "times", "history", "otp")
_LIBRARY = ("the library for KeePass files is not installed", "pip install 'dockhygiene[keepass]'")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A database, and the bytes it was read from."""

    path: Path
    read: bytes = field(repr=False)
    base: PyKeePass = field(repr=False)


@dataclass(slots=True)
class KeePassManager:
    setting: Setting
    id: str = "keepass"
    title: str = "KeePass file"
    proven: bool = True
    _passwords: dict[Path, Secret] = field(default_factory=dict, repr=False)
    _keys: dict[Path, bytes] = field(default_factory=dict, repr=False)
    """What the master passwords were stretched to, which takes a second each time."""

    def probe(self) -> Probe:
        if not find_spec("pykeepass"):
            return Probe(False, *_LIBRARY)
        return Probe(True, "ready; the file is named in the secret's name, and its master password is asked for")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        return ()

    def get(self, name: str, field: str = "") -> Secret | None:
        path, parts = self._split(name)
        found = _entry(self._open(path).base, parts)
        value = _value(found, field or USUAL) if found else None
        return Secret(value) if value else None

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        check_secret(self.title, secret, MOST_BYTES)
        value = secret.reveal()
        if any(ord(char) < 32 and char not in "\n\t" for char in value) or "\ufffe" in value or "\uffff" in value:
            raise StoreRefused("KeePass files are XML, which cannot hold this control character", "use another store")
        path, parts = self._split(name)
        opened = self._open(path)
        found = _entry(opened.base, parts) or _made(opened.base, parts)
        _value(found, field or USUAL)  # refuses a name of a field before anything changes
        found.save_history()
        _set(found, field or USUAL, value)
        found.touch(modify=True)
        self._save(opened)
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        """Out of the entry's history too; an entry with nothing left is deleted."""
        path, parts = self._split(name)
        opened = self._open(path)
        found, key = _entry(opened.base, parts), field or USUAL
        if not found or not _value(found, key):
            return
        for each in (found, *found.history):
            if _value(each, key):
                _clear(each, key)
        left = (found.password, found.username, found.url, found.notes, found.custom_properties)
        if not any(left):
            found.delete()
        self._save(opened)

    def where(self, name: str, field: str = "") -> str:
        file, ending, entry = name.partition(f"{ENDING}/")
        shown = f"{printable(entry, 120)} in {printable(file + ending.rstrip('/'), 200)}"
        return f"{printable(field or USUAL, 60)} of the entry {shown}: open it in KeePassXC"

    def _split(self, name: str) -> tuple[Path, list[str]]:
        """The file, and groups and title of the entry."""
        parts = path_parts(name.removeprefix("/"), least=2)
        cut = next((number for number, part in enumerate(parts, 1) if part.lower().endswith(ENDING)), 0)
        home = self.setting.environ.get("HOME")
        if not cut or cut == len(parts) or not (name.startswith("/") or (parts[0] == "~" and home)):
            raise StoreRefused(
                f"{printable(name, 80)} names no entry of a KeePass file",
                "write it as ~/FILE.kdbx/GROUP/TITLE or /FOLDER/FILE.kdbx/GROUP/TITLE",
            )
        file = "/".join(parts[1:cut]) if parts[0] == "~" else "/".join(parts[:cut])
        return Path(home or "/") / file if parts[0] == "~" else Path("/") / file, parts[cut:]

    def _open(self, path: Path) -> _Opened:
        if not find_spec("pykeepass"):
            raise StoreMissing(*_LIBRARY)
        read = _bytes_of(path)
        if path not in self._passwords:
            typed = self.setting.ask(f"Master password of {printable(str(path), 200)}")
            if not typed:
                raise StoreLocked(f"{printable(str(path), 200)} needs its master password", "run this in a terminal")
            self._passwords[path] = typed
        try:
            base = _parsed(read, self._passwords[path], self._keys.get(path))
        except WrongPassword:
            self._passwords.pop(path)
            raise
        self._keys[path] = base.transformed_key
        return _Opened(path, read, base)

    def _save(self, opened: _Opened) -> None:
        buffer = io.BytesIO()
        opened.base.save(buffer, transformed_key=opened.base.transformed_key)
        if _bytes_of(opened.path) != opened.read:
            raise VersionConflict(
                f"{printable(str(opened.path), 200)} was changed by another program; nothing was overwritten",
                "try again",
            )
        _replace(opened.path, buffer.getvalue())


def _parsed(read: bytes, password: Secret, key: bytes | None) -> PyKeePass:
    from construct import ConstructError
    from pykeepass import PyKeePass
    from pykeepass.exceptions import CredentialsError, HeaderChecksumError, PayloadChecksumError

    try:
        if key:
            try:
                return PyKeePass(io.BytesIO(read), transformed_key=key)
            except CredentialsError:
                pass  # it was saved again since, and the key is stretched from another salt
        return PyKeePass(io.BytesIO(read), password=password.reveal())
    except CredentialsError:
        raise WrongPassword(
            "the master password is not right, or a key file is needed as well", "type it again; nothing was changed"
        ) from None
    except (HeaderChecksumError, PayloadChecksumError, ConstructError, ValueError, LookupError):
        raise StoreError("this is no KeePass file, or it is damaged", "open it in KeePassXC") from None


def _bytes_of(path: Path) -> bytes:
    shown = printable(str(path), 200)
    try:
        with path.open("rb") as file:
            read = file.read(MOST_FILE + 1)
    except FileNotFoundError:
        raise StoreMissing(f"{shown} is not there", "create it in KeePassXC, or name another file") from None
    except OSError as error:
        raise StoreError(f"{shown} cannot be read: {error.strerror}") from None
    if len(read) > MOST_FILE:
        raise StoreRefused(f"{shown} is larger than {MOST_FILE >> 20} MiB")
    return read


def _replace(path: Path, data: bytes) -> None:
    """The old file or the new one stands there at every moment; links and permissions stay."""
    target = path.resolve()
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise StoreError(f"{printable(str(path), 200)} cannot be written: {error.strerror}") from None
    done = False
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, target.stat().st_mode & 0o777)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(target)
        done = True
    except OSError as error:
        raise StoreError(f"{printable(str(path), 200)} cannot be written: {error.strerror}") from None
    finally:
        if not done:
            Path(name).unlink(missing_ok=True)


def _entry(base: PyKeePass, parts: list[str]) -> Any:
    """The entry, or None. Compared by hand: the library would put the names into an XPath expression."""
    group = base.root_group
    for part in parts[:-1]:
        group = next((each for each in group.subgroups if each.name == part), None)
        if group is None:
            return None
    found = [each for each in group.entries if each.title == parts[-1]]
    if len(found) > 1:
        raise StoreRefused(f"there are {len(found)} entries of this title in the group", "give one another title")
    return found[0] if found else None


def _made(base: PyKeePass, parts: list[str]) -> Any:
    group = base.root_group
    for part in parts[:-1]:
        group = next((each for each in group.subgroups if each.name == part), None) or base.add_group(group, part)
    return base.add_entry(group, parts[-1], "", "", force_creation=True)


def _value(entry: Any, field: str) -> str | None:
    if field.lower() in ATTRIBUTES:
        return getattr(entry, ATTRIBUTES[field.lower()]) or None
    if field.lower() in RESERVED or '"' in field or not field.isprintable():
        raise StoreRefused(f"{printable(field, 60)} cannot be the name of a field", "name another one")
    return entry.get_custom_property(field) or None


def _set(entry: Any, field: str, value: str) -> None:
    if field.lower() in ATTRIBUTES:
        setattr(entry, ATTRIBUTES[field.lower()], value)
    else:
        entry.set_custom_property(field, value, protect=True)


def _clear(entry: Any, field: str) -> None:
    if field.lower() in ATTRIBUTES:
        setattr(entry, ATTRIBUTES[field.lower()], "")
    else:
        entry.delete_custom_property(field)
