"""fish's universal variables: `SETUVAR --export NAME:value`, an unusual sign as `\\x2d` or `\\u00e9`.

Source: fish's file format 3.0, observed with fish 3.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.traced_text import TraceBuilder, Traced

_VARIABLE = late.compile(r"^SETUVAR (?>(?:--\w+ )*)(?P<name>\w++):(?P<value>[^\r\n]++)", re.MULTILINE | re.ASCII)
_ESCAPE = late.compile(
    r"\\(?:x(?P<two>[0-9A-Fa-f]{2})|u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})|(?P<sign>.))"
)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b"}


def read_fish_variables(text: str) -> Iterator[tuple[str, Traced]]:
    """Names and values, in order. Items of a list stay divided by fish's own sign, 0x1e."""
    for variable in _VARIABLE.finditer(text):
        yield variable["name"], _unescaped(text, *variable.span("value"))


def _unescaped(text: str, start: int, end: int) -> Traced:
    builder, position = TraceBuilder(text), start
    for escape in _ESCAPE.finditer(text, start, end):
        builder.copied(position, escape.start())
        builder.replaced(_sign(escape), escape.start(), escape.end())
        position = escape.end()
    builder.copied(position, end)
    return builder.done(start, end)


def _sign(escape: re.Match[str]) -> str:
    if number := escape["two"] or escape["four"] or escape["eight"]:
        code = int(number, 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _SIGNS.get(escape["sign"], escape["sign"])
