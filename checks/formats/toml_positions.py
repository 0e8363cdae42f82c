"""TOML with positions, tolerant: containerd's and Cargo's files. Rules: toml.io/en/v1.0.0.

Python's tomllib keeps no positions and gives up at the first mistake. Here a line that is no TOML is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks import late
from checks.formats.located import Located, located
from checks.formats.text_positions import Lines

DEEPEST = 200
_NAMES_KEPT = 16
"""Names of a path that are kept: with all of them, deep nesting would cost the square of its depth."""
_MOST_UNCLOSED = 20
"""Quotes over several lines that nothing closes: each one costs a search to the end of the text."""
_BARE = r"[A-Za-z0-9_-]++"
_BASIC = r'"(?>(?:[^"\\\n]|\\.)*)"'
_LITERAL = r"'[^'\n]*+'"
_KEY = rf"(?:{_BARE}|{_BASIC}|{_LITERAL})"
_PART = late.compile(_KEY)
_DOTTED = late.compile(rf"{_KEY}(?>(?:[ \t]*+\.[ \t]*+{_KEY})*)")
_TABLE = late.compile(r"\[\[?[ \t]*+")
_EQUALS = late.compile(r"[ \t]*+=[ \t]*+")
_BLANK = late.compile(r"(?>(?:\s++|\#[^\n]*+)+)")
_LINE = late.compile(r"[^\n]*+\n?")
_REST = late.compile(r"[^\n]++")
_STRING = late.compile(
    r'''"""(?:\r?\n)?(?P<long>(?>(?:[^"\\]|\\(?s:.)|"{1,2}(?!"))*)(?:"{1,2}(?="""))?)"""
      | \'\'\'(?:\r?\n)?(?P<raw>(?>(?:[^']|'{1,2}(?!'))*)(?:'{1,2}(?=\'\'\'))?)\'\'\'
      | "(?P<basic>(?>(?:[^"\\\n]|\\.)*))"
      | '(?P<literal>[^'\n]*+)'
      | (?P<bare>[^\s,\[\]{}\#"'=]++)''',
    re.VERBOSE,
)
_ESCAPE = late.compile(r"\\(?:u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|(?P<end>\s*\n\s*)|(?P<sign>.))")
_SIGNS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_LAST_POINT = 0x10FFFF


class TomlValue(NamedTuple):
    """A scalar, or one item of an array, with the last sixteen names that lead to it."""

    path: tuple[str, ...]
    value: Located
    quoted: bool
    """A string; numbers, dates and booleans are not."""
    table: int = 0
    """How many headers stand before it: two tables of one array have the same path."""


def values(text: str) -> Iterator[TomlValue]:
    """Every scalar of the text in order. Linear, whatever the text."""
    return _Reader(text).run()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.at = 0
        self.table: tuple[str, ...] = ()
        self.tables = 0
        self.unclosed = 0

    def run(self) -> Iterator[TomlValue]:
        while self.at < len(self.text):
            self._take(_BLANK)
            if self._take(_TABLE):
                self.table = self._key()
                self.tables += 1
            elif (name := self._key()) and self._take(_EQUALS):
                yield from self._value((*self.table, *name)[-_NAMES_KEPT:])
            self._take(_LINE)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match and match.end() > self.at:
            self.at = match.end()
            return match
        return None

    def _key(self) -> tuple[str, ...]:
        match = self._take(_DOTTED)
        return tuple(_part(part) for part in _PART.findall(match.group())[-_NAMES_KEPT:]) if match else ()

    def _value(self, path: tuple[str, ...]) -> Iterator[TomlValue]:
        """A scalar, or what stands between brackets: the stack holds what is open, and the names that lead to it."""
        opened: list[tuple[str, tuple[str, ...]]] = []
        begun = self.at
        while self.at < len(self.text) and len(opened) <= DEEPEST:
            sign = self.text[self.at]
            if sign in "[{":
                opened.append((sign, path))
                self.at += 1
            elif opened and sign in "]}":
                path = opened.pop()[1]
                self.at += 1
            elif opened and sign == ",":
                path = opened[-1][1]
                self.at += 1
            elif opened and sign == "=":  # a bracket was not closed: this line is a setting of its own
                self.at = max(self.text.rfind("\n", begun, self.at), begun)
                return
            elif opened and opened[-1] == ("{", path):
                name = self._key()
                path = (*path, *name)[-_NAMES_KEPT:]
                if not name or not self._take(_EQUALS):
                    return
            else:
                yield from self._scalar(path)
            if not opened:
                return
            self._take(_BLANK)

    def _scalar(self, path: tuple[str, ...]) -> Iterator[TomlValue]:
        long = self.text.startswith(('"""', "'''"), self.at)
        match = self._take(_STRING) if not long or self.unclosed < _MOST_UNCLOSED else None
        if not match or (long and match.lastgroup not in ("long", "raw")):
            self.unclosed += long
            self.at += 0 if match else 1
            self._take(_REST)
            return
        kind = str(match.lastgroup)
        text = _unescaped(match[kind]) if kind in ("long", "basic") else match[kind]
        yield TomlValue(
            path, located(self.lines, text, match.start(kind), match.end(kind)), kind != "bare", self.tables
        )


def _part(part: str) -> str:
    if part[0] == '"':
        return _unescaped(part[1:-1])
    return part[1:-1] if part[0] == "'" else part


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_sign, text) if "\\" in text else text


def _sign(match: re.Match[str]) -> str:
    if digits := match["u"] or match["U"]:
        point = int(digits, 16)
        return chr(point) if point <= _LAST_POINT else "\ufffd"
    return "" if match["end"] else _SIGNS.get(match["sign"], match["sign"])
