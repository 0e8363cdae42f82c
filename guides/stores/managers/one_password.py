"""1Password through its command line, `op` 2. NAME is VAULT/ITEM, FIELD the label or id of one of its fields.

Tried against a fake program only, written from developer.1password.com/docs/cli (item get, create, edit, delete; JSON
templates on standard input). An item is read whole, changed, and given back whole, so other fields stay; `op` compares
no versions, but 1Password keeps the old ones. Signing in is left to `op`: its desktop app, or `op signin`. The token of
a service account is not handed on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.json_program import JsonProgram, says
from guides.stores.managers.manager import (
    ONLY_FAKED,
    LoginExpired,
    NotAllowed,
    QuotaReached,
    Setting,
    Unreachable,
    check_kept,
    check_secret,
    refuse_only_copy,
)
from guides.stores.managers.names import path_parts
from guides.stores.program import Answer, find_program
from guides.stores.store import Probe, StoreError, StoreRefused

USUAL = "password"
MOST_BYTES = 64 * 1024


@dataclass(slots=True)
class OnePasswordManager:
    setting: Setting
    id: str = "1password"
    title: str = f"1Password ({ONLY_FAKED})"
    proven: bool = False

    def probe(self) -> Probe:
        try:
            find_program("op", self.setting.environ)
        except StoreError as error:
            return Probe(False, error.reason, "https://developer.1password.com/docs/cli/get-started")
        return Probe(True, "op is installed; it asks for itself whether you are signed in")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        return ("your 1Password account's server",)

    def get(self, name: str, field: str = "") -> Secret | None:
        item = self._item(name)
        found = _field(item, field or USUAL) if item else None
        value = found.get("value") if found else None
        return Secret(value) if isinstance(value, str) and value else None

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        refuse_only_copy(self, elsewhere)
        check_secret(self.title, secret, MOST_BYTES)
        vault, title = _split(name)
        item = self._item(name)
        if item is None:
            made = {"title": title, "category": "PASSWORD", "fields": [_made(field or USUAL, secret)]}
            self._worked(self._program.run("item", "create", "--vault", vault, "-", stdin=_template(made)))
        else:
            found = _field(item, field or USUAL)
            if found:
                found["value"] = secret.reveal()
            else:
                item["fields"] = [*item.get("fields", ()), _made(field or USUAL, secret)]
            self._edit(item, vault)
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        """An item with nothing else in it goes to 1Password's archive."""
        vault, _ = _split(name)
        item = self._item(name)
        found = _field(item, field or USUAL) if item else None
        if not item or not found or not found.get("value"):
            return
        if any(one.get("value") for one in item["fields"] if one is not found):
            item["fields"] = [one for one in item["fields"] if one is not found]
            self._edit(item, vault)
        else:
            self._worked(self._program.run("item", "delete", _id(item), "--vault", vault, "--archive"))

    def where(self, name: str, field: str = "") -> str:
        vault, _, title = name.partition("/")
        reference = f"op://{printable(vault, 80)}/{printable(title, 120)}/{printable(field or USUAL, 60)}"
        return f"{printable(field or USUAL, 60)} of {printable(title, 120)}: op read '{reference}'"

    @property
    def _program(self) -> JsonProgram:
        return JsonProgram("op", self.setting)

    def _item(self, name: str) -> dict[str, Any] | None:
        vault, title = _split(name)
        answer = self._program.run("item", "get", title, "--vault", vault, "--format", "json")
        if answer.status != 0 and says(answer, ("isn't an item",)):
            return None
        self._worked(answer)
        item = self._program.read(answer)
        if not isinstance(item, dict) or not all(isinstance(one, dict) for one in item.get("fields", ())):
            raise StoreError("op printed JSON of another shape", "is it version 2?")
        return item

    def _edit(self, item: dict[str, Any], vault: str) -> None:
        self._worked(self._program.run("item", "edit", _id(item), "--vault", vault, stdin=_template(item)))

    def _worked(self, answer: Answer) -> None:
        """Raises StoreError for any status but 0. What it said may hold the item, and is not repeated."""
        if answer.status == 0:
            return
        if says(answer, ("not currently signed in", "not signed in", "session expired", "no accounts configured")):
            raise LoginExpired("you are not signed in to 1Password", "op signin, or unlock the desktop app")
        if says(answer, ("isn't a vault", "not authorized", "forbidden", "permission")):
            raise NotAllowed("this vault is not there, or you may not use it so", "op vault list")
        if says(answer, ("too many requests", "rate limit")):
            raise QuotaReached("1Password takes no more requests now", "wait; op service-account ratelimit")
        if says(answer, ("more than one item",)):
            raise StoreRefused("more than one item has this title", "name its id instead: op item list")
        if says(answer, ("no such host", "connection refused", "timeout", "network")):
            raise Unreachable("1Password's server cannot be reached", "look at the network, then try again")
        raise StoreError(f"op ended with status {answer.status}", "op whoami")


def _split(name: str) -> tuple[str, str]:
    parts = path_parts(name, least=2)
    if len(parts) != 2 or any(part.startswith("-") for part in parts):
        raise StoreRefused(f"{printable(name, 80)} is not VAULT/ITEM", "an item with a slash is named by its id")
    return parts[0], parts[1]


def _field(item: dict[str, Any], field: str) -> dict[str, Any] | None:
    fields: list[dict[str, Any]] = item.get("fields", [])
    found = [one for one in fields if field in (one.get("label"), one.get("id"))]
    if len(found) > 1:
        raise StoreRefused(f"more than one field is called {printable(field, 60)}", "name the field's id")
    return found[0] if found else None


def _made(field: str, secret: Secret) -> dict[str, Any]:
    made = {"type": "CONCEALED", "label": field, "value": secret.reveal()}
    return {"id": "password", "purpose": "PASSWORD", **made} if field == USUAL else made


def _id(item: dict[str, Any]) -> str:
    made = item.get("id")
    if not isinstance(made, str) or not made.isalnum():
        raise StoreError("op gave an item without an id", "is it version 2?")
    return made


def _template(item: dict[str, Any]) -> Secret:
    return Secret(json.dumps(item))
