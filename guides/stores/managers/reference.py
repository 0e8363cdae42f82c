"""`dockhygiene://STORE/NAME#FIELD`: what stands in a file instead of a secret.

NAME may have slashes and begin with one; FIELD may be missing. Everything but letters, digits and `-._~/@+:,=` is
percent-encoded in UTF-8, and so is a slash at either end or beside another one. Every reference has exactly one
spelling, so that two files that mean the same say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote, unquote

from checks.formats.display import printable

SCHEME = "dockhygiene://"
LONGEST = 2048
"""Characters of a reference."""

_SAFE = "@+:,="
_SHAPE = re.compile(
    r"dockhygiene://(?P<store>[a-z0-9][a-z0-9-]{0,31})/(?P<name>[^#]{1,2000})(?:#(?P<field>[^#]{1,500}))?"
)


class BadReference(ValueError):
    """A text begins like a reference and is none. The message says why."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Manager, name and field, decoded. An empty field means the manager's usual one."""

    store: str
    name: str
    field: str = ""

    def __str__(self) -> str:
        return format_reference(self)


def is_reference(text: str) -> bool:
    """Whether it means to be one; `parse` says whether it is."""
    return text.startswith(SCHEME)


def parse(text: str) -> Reference:
    """Raises BadReference, whose message shows at most the beginning of the text."""
    if len(text) > LONGEST:
        raise BadReference(f"a reference has at most {LONGEST} characters")
    shape = _SHAPE.fullmatch(text)
    if not shape:
        raise BadReference(f"{printable(text, 60)} is not dockhygiene://STORE/NAME or dockhygiene://STORE/NAME#FIELD")
    try:
        name, field = (unquote(shape[part] or "", errors="strict") for part in ("name", "field"))
        found = Reference(shape["store"], name, field)
        spelled = format_reference(found)
    except UnicodeDecodeError:
        raise BadReference(f"{printable(text, 60)}: its percent-encoding is not UTF-8") from None
    if spelled != text:
        raise BadReference(f"{printable(text, 60)} is spelled otherwise than {printable(spelled, 200)}")
    return found


def format_reference(reference: Reference) -> str:
    """Its one spelling. Raises BadReference for a name or field that no reference can have."""
    for part in (reference.name, reference.field):
        if any(ord(char) < 32 or ord(char) == 127 or "\ud800" <= char <= "\udfff" for char in part):
            raise BadReference("a reference has no control characters")
    if not reference.name:
        raise BadReference("a reference names something")
    field = f"#{quote(reference.field, safe=_SAFE + '/')}" if reference.field else ""
    text = f"{SCHEME}{reference.store}/{_path(reference.name)}{field}"
    if len(text) > LONGEST or not _SHAPE.fullmatch(text):
        raise BadReference("the name, the field or the store of this reference is too long, or no name")
    return text


def _path(name: str) -> str:
    """Only a slash between two parts stays one: nothing that reads addresses may shorten it."""
    parts = name.split("/")
    path = quote(parts[0], safe=_SAFE)
    for before, part in pairwise(parts):
        path += ("/" if before and part else "%2F") + quote(part, safe=_SAFE)
    return path
