"""A provider's JSON answer, read field by field. What has another shape than described is said, never guessed.

No message repeats a value: the answer to a creating call holds the new secret.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.trouble import NotUnderstood

MOST_ITEMS = 1000
"""In one list of one answer; a page holds 100."""


@dataclass(frozen=True, slots=True)
class Fields:
    """One JSON object. `where` names host and call for the messages. Every reader raises NotUnderstood."""

    value: Mapping[str, object] = field(repr=False)
    where: str

    @classmethod
    def of(cls, value: object, where: str) -> Fields:
        if not isinstance(value, dict):
            raise NotUnderstood(f"{where} did not answer with the object that is described: use the web page")
        return cls(value, where)

    def text(self, name: str) -> str:
        """As sent: make it `printable` before it is shown."""
        found = self.value.get(name)
        return found if isinstance(found, str) else self._wrong(name, "a text")

    def text_or_empty(self, name: str) -> str:
        return "" if self.value.get(name) is None else self.text(name)

    def secret(self, name: str) -> Secret:
        found = self.value.get(name)
        return Secret(found) if isinstance(found, str) and found else self._wrong(name, "a secret")

    def whole(self, name: str) -> int:
        found = self.value.get(name)
        return found if isinstance(found, int) and not isinstance(found, bool) else self._wrong(name, "a number")

    def flag(self, name: str) -> bool:
        found = self.value.get(name)
        return found if isinstance(found, bool) else self._wrong(name, "true or false")

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.value.get(name)
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self._wrong(name, "a list of texts")
        return tuple(found[:MOST_ITEMS])

    def moment(self, name: str) -> datetime.datetime | None:
        """A time in UTC; None for null, for a missing field and for Go's year 1. A bare day is its midnight in UTC."""
        found = self.value.get(name)
        if found is None or found == "":
            return None
        try:
            when = datetime.datetime.fromisoformat(found)  # type: ignore[arg-type]
            when = when.replace(tzinfo=datetime.UTC) if when.tzinfo is None else when.astimezone(datetime.UTC)
        except (ValueError, TypeError, OverflowError):
            self._wrong(name, "a time")
        return when if when.year > 1 else None

    def items(self, name: str) -> tuple[Fields, ...]:
        """The objects of a list; empty for null, and where the field is missing."""
        return () if self.value.get(name) is None else items(self.value[name], f"{self.where}, {name}")

    def _wrong(self, name: str, wanted: str) -> NoReturn:
        raise NotUnderstood(f"{self.where}: the field `{printable(name)}` is not {wanted}: use the provider's web page")


def items(value: object, where: str) -> tuple[Fields, ...]:
    """The objects of a JSON list. Raises NotUnderstood."""
    if not isinstance(value, list):
        raise NotUnderstood(f"{where} did not answer with the list that is described: use the web page")
    return tuple(Fields.of(one, where) for one in value[:MOST_ITEMS])
