"""Java properties with positions: gradle.properties. Rules: java.util.Properties.load(Reader)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.located import Setting, located
from checks.formats.text_positions import Lines

_LINE = late.compile(r"[^\n\r\\]*+(?>(?:\\(?s:.)[^\n\r\\]*+)*)\\?")
"""One logical line: a backslash takes the next character with it, an end of line too."""
_KEY = late.compile(r"[^\\=: \t\f\r\n]*+(?>(?:\\(?s:.)[^\\=: \t\f\r\n]*+)*)")
_BLANK = r"(?:[ \t\f]|\\(?:\r\n|\n|\r))"
_LEADING = late.compile(r"[ \t\f]*+")
_SEPARATOR = late.compile(rf"{_BLANK}*+(?:[=:]{_BLANK}*+)?")
_COMMENT = late.compile(r"[^\n\r]*+")
_ESCAPE = late.compile(r"\\(?:u(?P<hex>[0-9A-Fa-f]{4})|(?P<end>\r\n|\n|\r)[ \t\f]*+|(?P<sign>(?s:.))|\Z)")
_SIGNS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def settings(text: str) -> Iterator[Setting]:
    """Every property in order, duplicates too, escapes resolved."""
    lines, at = Lines(text), 0
    while at < len(text):
        at = _matched_end(_LEADING, text, at)
        if text[at : at + 1] in ("#", "!"):
            at = _matched_end(_COMMENT, text, at) + 1
            continue
        end = _matched_end(_LINE, text, at)
        if end > at:
            stop = min(_matched_end(_KEY, text, at), end)
            start = min(_matched_end(_SEPARATOR, text, stop), end)
            value = _unescaped(text[start:end])
            yield Setting("", _unescaped(text[at:stop]), located(lines, value, start, end))
        at = end + 1


def _matched_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_sign, text) if "\\" in text else text


def _sign(match: re.Match[str]) -> str:
    if match["hex"]:
        return chr(int(match["hex"], 16))
    return "" if match["end"] or not match["sign"] else _SIGNS.get(match["sign"], match["sign"])
