"""The text of one entry of `pass` and gopass: the password in the first line, then `field: value`, line by line.

What else stands there (notes, blank lines, otpauth addresses) stays as it is.
"""

from __future__ import annotations

import re

from checks.model.secret import Secret
from guides.stores.store import StoreRefused

USUAL = "password"
_FIELD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,62}[A-Za-z0-9_]|[A-Za-z0-9_]")


def check_field(field: str, secret: Secret | None = None) -> None:
    """Raises StoreRefused for what has no place in such a text."""
    if field and not _FIELD.fullmatch(field):
        raise StoreRefused("a field here has letters, digits and `_.- ` only", "name another field")
    if secret and any(char in "\n\r\0" for char in secret.reveal()):
        raise StoreRefused("a line is all that one value may have here, and this secret has more", "use another store")
    if secret and field not in ("", USUAL) and secret.reveal() != secret.reveal().strip():
        raise StoreRefused("blanks at either end would be lost here", "keep it as the password, without a field")


def value_in(text: str, field: str) -> Secret | None:
    """The value of this field; None where there is none."""
    lines = text.split("\n")
    if field in ("", USUAL):
        return Secret(lines[0]) if lines[0] else None
    number = _line_of(lines, field)
    value = lines[number].partition(":")[2].strip() if number else ""
    return Secret(value) if value else None


def with_value(text: str, field: str, secret: Secret) -> Secret:
    """The whole text with this value in it; every other line stays."""
    lines = text.removesuffix("\n").split("\n")
    if field in ("", USUAL):
        lines[0] = secret.reveal()
    else:
        line, number = f"{field}: {secret.reveal()}", _line_of(lines, field)
        lines[number or 1 : number + 1 if number else 1] = [line]
    return Secret("\n".join(lines) + "\n")


def without_value(text: str, field: str) -> Secret | None:
    """The text without it; None where nothing is left."""
    lines = text.removesuffix("\n").split("\n")
    if field in ("", USUAL):
        lines[0] = ""
    elif number := _line_of(lines, field):
        del lines[number]
    return Secret("\n".join(lines) + "\n") if any(line.strip() for line in lines) else None


def _line_of(lines: list[str], field: str) -> int:
    """The line on which it stands; 0 where there is none, for the first line is the password."""
    prefix = f"{field.lower()}:"
    return next((number for number, line in enumerate(lines) if number and line.lower().startswith(prefix)), 0)
