"""Ansible's inventories in INI form with positions: `host name=value ...`, and `name = value` below `[group:vars]`.

Rules: docs.ansible.com, inventory plugin ansible.builtin.ini: lines of hosts are split as by Python's shlex, comments
too; a value below `:vars` is the rest of its line. A value that is a Python string once more loses those quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks import late
from checks.formats.traced_text import Traced, joined

_SECTION = late.compile(r"\[(?P<group>[^:\]]++)(?P<variables>:vars)?[^\]]*+\]")
_NAME = late.compile(r"[A-Za-z_]\w*\Z")
_PART = late.compile(
    r"""(?P<plain>[^\s"'\\#]+) | (?P<blank>\s+) | (?P<comment>\#.*) | '(?P<single>[^']*)'
        | "(?P<double>[^"\\]*+(?>(?:\\.[^"\\]*+)*))" | \\(?P<escaped>.) | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE = late.compile(r"\\(?=[\"\\])")
_STRING = late.compile(r"""(?P<quote>["'])(?P<text>[^"'\\]*)(?P=quote)""")


class InventoryLine(NamedTuple):
    """What one line says of a host, or of all hosts of a group."""

    holder: str
    variables: tuple[tuple[str, Traced], ...]


def read_inventory(text: str) -> Iterator[InventoryLine]:
    """The lines that set variables. Linear, whatever the text."""
    position, group, variables = 0, "", False
    for line in text.split("\n"):
        start, position = position, position + len(line) + 1
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        if section := _SECTION.match(bare):
            group, variables = section["group"], section["variables"] is not None
            continue
        whole = Traced(line, start, start + len(line)).stripped()
        if not variables:
            words = list(_words(whole))
            yield InventoryLine(words[0].text if words else "", tuple(_settings(words[1:])))
        elif "=" in bare:
            name, _, _ = whole.text.partition("=")
            value = whole.part(len(name) + 1).stripped()
            yield InventoryLine(group, tuple(_setting(name.strip(), value)))


def _settings(words: list[Traced]) -> Iterator[tuple[str, Traced]]:
    for word in words:
        name, equals, _ = word.text.partition("=")
        if equals:
            yield from _setting(name, word.part(len(name) + 1))


def _setting(name: str, value: Traced) -> Iterator[tuple[str, Traced]]:
    if _NAME.match(name):
        written = _STRING.fullmatch(value.text)
        yield name, value.part(*written.span("text")) if written else value


def _words(line: Traced) -> Iterator[Traced]:
    parts: list[Traced] = []
    for found in _PART.finditer(line.text):
        kind = str(found.lastgroup)
        if kind in ("blank", "comment"):
            if parts:
                yield joined(parts)
            parts = []
            if kind == "comment":
                return
        elif kind == "double":
            parts += _unescaped(line.part(*found.span(kind)))
        else:
            parts.append(line.part(*found.span(kind)))
    if parts:
        yield joined(parts)


def _unescaped(part: Traced) -> Iterator[Traced]:
    position = 0
    for escape in _IN_DOUBLE.finditer(part.text):
        if escape.start() >= position:
            yield part.part(position, escape.start())
            yield part.part(escape.end(), escape.end() + 1)
            position = escape.end() + 1
    yield part.part(position)
