"""`$NAME` and `${NAME}` in the values of a `.env` file, as docker compose replaces them.

Source: Docker's "Interpolation syntax" of `.env` files: `:-` and `-` a default, `:?` and `?` an error, `:+` and `+` an
alternative (with the colon an empty value counts as none), `$$` a dollar sign. A name without a value is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable

DEEPEST = 20
"""Defaults within defaults."""

Lookup = Callable[[str], str | None]

_BARE = re.compile(r"(?P<escape>\\.)|\$(?:(?P<dollar>\$)|(?P<name>[A-Za-z_]\w*)|(?P<brace>\{))", re.DOTALL)
_INNER = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:(?P<sign>:?[-?+])(?P<word>.*))?", re.DOTALL)
_BRACE = re.compile(r"\$\{|\}")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


class NotReplaced(ValueError):
    """A value asks for something that is not there, or is not closed. Shows names, never values."""


def replaced(text: str, lookup: Lookup, *, escapes: bool, depth: int = 0) -> str:
    """The text with its variables replaced. `escapes`: it stood between double quotes, so that a backslash counts.

    What is put in is not looked at again. Raises NotReplaced.
    """
    if depth > DEEPEST:
        raise NotReplaced(f"more than {DEEPEST} defaults stand within each other")
    parts, position = [], 0
    while found := _BARE.search(text, position):
        parts.append(text[position : found.start()])
        position = found.end()
        if found["escape"]:
            parts.append(_ESCAPED.get(found["escape"][1], found["escape"][1]) if escapes else found["escape"][0])
            position = found.end() if escapes else found.start() + 1
        elif found["dollar"]:
            parts.append("$")
        elif found["name"]:
            parts.append(lookup(found["name"]) or "")
        else:
            end = _closing(text, position)
            parts.append(_value(text[position:end], lookup, escapes, depth))
            position = end + 1
    return "".join((*parts, text[position:]))


def _closing(text: str, start: int) -> int:
    """Where the brace that was opened before `start` is closed."""
    opened = 1
    for found in _BRACE.finditer(text, start):
        opened += 1 if found[0] == "${" else -1
        if not opened:
            return found.start()
    raise NotReplaced("a ${ is not closed")


def _value(inner: str, lookup: Lookup, escapes: bool, depth: int) -> str:
    found = _INNER.fullmatch(inner)
    if not found:
        raise NotReplaced("between ${ and } stands something that is no name")
    value, sign, word = lookup(found["name"]), found["sign"] or "", found["word"] or ""
    there = value is not None and (bool(value) or not sign.startswith(":"))
    if sign.endswith("?") and not there:
        raise NotReplaced(f"it needs {found['name']}, which has no value")
    if sign and there == sign.endswith("+"):
        return replaced(word, lookup, escapes=escapes, depth=depth + 1)
    return "" if sign.endswith("+") else value or ""
