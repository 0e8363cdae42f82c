"""Bitwarden through its command line, `bw`. NAME is an item's name or id, FIELD `password`, `username` or its own.

Tried against a fake program only, written from bitwarden.com/help/cli (get item, create, edit, delete, encoded JSON on
standard input; "Vault is locked."). An item is read whole, changed, and given back whole, so other fields stay. The
vault is unlocked by the person: `export BW_SESSION="$(bw unlock --raw)"`.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.json_program import JsonProgram, says
from guides.stores.managers.manager import (
    ONLY_FAKED,
    LoginExpired,
    QuotaReached,
    Setting,
    Unreachable,
    check_kept,
    check_secret,
    refuse_only_copy,
)
from guides.stores.program import Answer, find_program
from guides.stores.store import Probe, StoreError, StoreLocked, StoreRefused

USUAL = "password"
OF_THE_LOGIN = ("password", "username")
LOGIN, HIDDEN = 1, 1
"""Bitwarden's numbers: an item of this type has a user and a password, a field of this type is masked."""

MOST_BYTES = 5_000
"""A field holds 10,000 characters when encrypted."""

_UNLOCK = 'export BW_SESSION="$(bw unlock --raw)"'


@dataclass(slots=True)
class BitwardenManager:
    setting: Setting
    id: str = "bitwarden"
    title: str = f"Bitwarden ({ONLY_FAKED})"
    proven: bool = False

    def probe(self) -> Probe:
        try:
            find_program("bw", self.setting.environ)
        except StoreError as error:
            return Probe(False, error.reason, "https://bitwarden.com/help/cli")
        if not self.setting.environ.get("BW_SESSION"):
            return Probe(False, "bw is installed, and its vault is locked", _UNLOCK)
        return Probe(True, "bw is installed and has a session")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        return ("your Bitwarden server (`bw config server`)",)

    def get(self, name: str, field: str = "") -> Secret | None:
        item = self._item(name)
        value = _value(item, field or USUAL) if item else None
        return Secret(value) if value else None

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        refuse_only_copy(self, elsewhere)
        check_secret(self.title, secret, MOST_BYTES)
        item = self._item(name)
        changed = item or {"type": LOGIN, "name": name, "login": {}, "fields": [], "notes": None}
        _set(changed, field or USUAL, secret)
        if item is None:
            self._worked(self._program.run("create", "item", stdin=_encoded(changed)))
        else:
            self._worked(self._program.run("edit", "item", _id(item), stdin=_encoded(changed)))
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        """An item with nothing else in it goes to Bitwarden's trash, where it stays for thirty days."""
        item = self._item(name)
        if not item or not _value(item, field or USUAL):
            return
        _set(item, field or USUAL, None)
        if any(_value(item, each) for each in OF_THE_LOGIN) or item.get("fields") or item.get("notes"):
            self._worked(self._program.run("edit", "item", _id(item), stdin=_encoded(item)))
        else:
            self._worked(self._program.run("delete", "item", _id(item)))

    def where(self, name: str, field: str = "") -> str:
        shown = printable(name, 200)
        return f"{printable(field or USUAL, 60)} of the item {shown}: bw get item '{shown}'"

    @property
    def _program(self) -> JsonProgram:
        return JsonProgram("bw", self.setting)

    def _item(self, name: str) -> dict[str, Any] | None:
        if not name or name.startswith("-") or not name.isprintable():
            raise StoreRefused(f"{printable(name, 80)} is no name of an item", "choose a plain one")
        answer = self._program.run("get", "item", name, "--nointeraction")
        if answer.status != 0 and says(answer, ("Not found.",)):
            return None
        self._worked(answer)
        item = self._program.read(answer)
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            raise StoreError("bw printed JSON of another shape", "bw --version")
        if name not in (item["name"], item.get("id")):
            return None  # `get` searches, and takes what only contains the words
        if item.get("type") != LOGIN or not isinstance(item.get("login") or {}, dict):
            raise StoreRefused(f"{printable(name, 80)} is no login item", "name one with a user and a password")
        return item

    def _worked(self, answer: Answer) -> None:
        """Raises StoreError for any status but 0. What it said may hold the item, and is not repeated."""
        if answer.status == 0:
            return
        if says(answer, ("Vault is locked", "Session key is invalid", "Master password is required")):
            raise StoreLocked("the Bitwarden vault is locked", _UNLOCK)
        if says(answer, ("You are not logged in", "login expired", "Unauthorized")):
            raise LoginExpired("you are not logged in to Bitwarden", "bw login")
        if says(answer, ("More than one result",)):
            raise StoreRefused("more than one item has this name", "name its id instead: bw list items --search NAME")
        if says(answer, ("maximum", "limit exceeded", "Too many requests", "Rate limit", "encrypted value length")):
            raise QuotaReached("Bitwarden refuses it: too long, or too many requests", "use another store, or wait")
        if says(answer, ("ECONNREFUSED", "ENOTFOUND", "ETIMEDOUT", "fetch failed")):
            raise Unreachable("the Bitwarden server cannot be reached", "bw status; look at the network")
        raise StoreError(f"bw ended with status {answer.status}", "bw status")


def _value(item: dict[str, Any], field: str) -> str | None:
    if field in OF_THE_LOGIN:
        value = (item.get("login") or {}).get(field)
    else:
        value = next((one.get("value") for one in item.get("fields") or () if one.get("name") == field), None)
    return value if isinstance(value, str) else None


def _set(item: dict[str, Any], field: str, secret: Secret | None) -> None:
    """Sets it, or takes it away."""
    value = secret.reveal() if secret else None
    if field in OF_THE_LOGIN:
        item["login"] = {**(item.get("login") or {}), field: value}
        return
    fields = list(item.get("fields") or ())
    found = next((one for one in fields if one.get("name") == field), None)
    if value is None:
        fields = [one for one in fields if one is not found]
    elif found:
        found["value"] = value
    else:
        fields.append({"name": field, "value": value, "type": HIDDEN})
    item["fields"] = fields


def _id(item: dict[str, Any]) -> str:
    made = item.get("id")
    if not isinstance(made, str) or not made.replace("-", "").isalnum() or made.startswith("-"):
        raise StoreError("bw gave an item without an id", "bw --version")
    return made


def _encoded(item: dict[str, Any]) -> Secret:
    """As `bw encode` does it: base64 of the JSON."""
    return Secret(base64.b64encode(json.dumps(item).encode()).decode())
