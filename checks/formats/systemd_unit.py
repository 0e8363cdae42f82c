"""systemd's unit files and drop-ins with positions, and podman's Quadlet files, which are written the same way.

Rules: systemd.syntax(7), systemd.exec(5), and systemd.service(5) "Command lines".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from checks import late
from checks.formats.traced_text import Piece, TraceBuilder, Traced, joined

_NAME = late.compile(r"[ \t]*(?P<name>[A-Za-z][\w-]*)[ \t]*=[ \t]*")
_COMMENT = ("#", ";")
_LONGEST = 64 * 1024
"""Characters of a value that is taken apart: systemd itself reads no line above a megabyte."""
_HEX = "[0-9A-Fa-f]"
_ESCAPED = (
    rf"\\(?:x(?P<hex>{_HEX}{{2}})|(?P<octal>[0-7]{{3}})|u(?P<short>{_HEX}{{4}})|U(?P<long>{_HEX}{{8}})|(?P<sign>.))"
)
_ESCAPE = late.compile(_ESCAPED, re.DOTALL)
_TOKEN = late.compile(
    rf"""(?P<plain>[^\s"'\\%$]+)|(?P<blank>\s+)|(?P<quote>["'])|(?P<escape>{_ESCAPED})|(?P<percent>%%)|(?P<specifier>%[a-zA-Z])
    |(?P<dollar>\$\$)|(?P<variable>\$\{{\w+\}}|\$\w+)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_SIGNS = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " ",
    "\\": "\\", '"': '"', "'": "'",
}  # fmt: skip
_PREFIXES = "@-:+!|"
_KINDS = ("plain", "blank", "quote", "escape", "percent", "specifier", "dollar", "variable", "other")


class UnitSetting(NamedTuple):
    """One `Name=value`, lines that go on joined by a blank."""

    name: str
    value: Traced


def read_unit(text: str) -> Iterator[UnitSetting]:
    """The settings of all sections in their order; what is none is passed over."""
    lines = _lines(text)
    for span in lines:
        if found := _NAME.match(text, *span):
            yield UnitSetting(found["name"], _value(text, found.end(), span[1], lines))


def _value(text: str, begin: int, end: int, lines: Iterator[tuple[int, int]]) -> Traced:
    builder, start = TraceBuilder(text), begin
    while text.endswith("\\", begin, end):
        builder.copied(begin, end - 1)
        builder.replaced(" ", end - 1, end)
        following = _next(text, lines)
        if not following:
            return builder.done(start, end).stripped()
        begin, end = following
    builder.copied(begin, end)
    return builder.done(start, end).stripped()


def _lines(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        yield position, position + len(text[position:end].rstrip("\r"))
        position = end + 1


def _next(text: str, lines: Iterator[tuple[int, int]]) -> tuple[int, int] | None:
    """The line with which a setting goes on: comments between do not end it."""
    return next((span for span in lines if not text[slice(*span)].lstrip().startswith(_COMMENT)), None)


def unit_words(value: Traced, *, command: bool = False) -> tuple[Traced, ...]:
    """The words of a value, unquoted and unescaped, `%%` and in a command `$$` halved; what systemd puts in is kept as
    written. `command`: of an `Exec...=`, whose first word may have signs before the program's path."""
    words = tuple(_words(value, command=command)) if len(value.text) <= _LONGEST else ()
    if command and words and (first := words[0].text.lstrip(_PREFIXES)):
        return (words[0].part(len(words[0].text) - len(first)), *words[1:])
    return words


def credential(value: Traced) -> tuple[str, Traced]:
    """The name and the content of a `SetCredential=name:content`."""
    name, colon, _ = value.text.partition(":")
    content = value.part(len(name) + len(colon))
    return name, _unescaped(content) if len(content.text) <= _LONGEST else content


def _words(value: Traced, *, command: bool) -> Iterator[Traced]:
    parts: list[Traced] = []
    quote, begun = "", False
    for token in _TOKEN.finditer(value.text):
        kind, text = next(name for name in _KINDS if token[name] is not None), token.group()
        if kind == "blank" and not quote:
            if begun:
                yield joined(parts)
            parts, begun = [], False
            continue
        begun = True
        if kind == "quote" and quote in ("", text):
            quote = "" if quote else text
        else:
            parts.append(_read(value, token, kind, command=command))
    if begun:
        yield joined(parts)


def _read(value: Traced, token: re.Match[str], kind: str, *, command: bool) -> Traced:
    start, end = token.span()
    part = value.part(start, end)
    if kind == "escape":
        return _sign(part, _character(token))
    if kind == "percent" or (kind == "dollar" and command):
        return _sign(part, part.text[0])
    if kind == "specifier" or (kind == "variable" and command):
        return replace(part, dynamic_spans=((0, end - start),))
    return part


def _sign(part: Traced, text: str) -> Traced:
    return Traced(text, part.start, part.end, (Piece(0, part.start, part.end),))


def _unescaped(value: Traced) -> Traced:
    parts, position = list[Traced](), 0
    for escape in _ESCAPE.finditer(value.text):
        parts += [value.part(position, escape.start()), _sign(value.part(*escape.span()), _character(escape))]
        position = escape.end()
    return joined((*parts, value.part(position))) if parts else value


def _character(escape: re.Match[str]) -> str:
    for group, base in (("hex", 16), ("octal", 8), ("short", 16), ("long", 16)):
        if escape[group]:
            code = int(escape[group], base)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _SIGNS.get(escape["sign"], f"\\{escape['sign']}")
