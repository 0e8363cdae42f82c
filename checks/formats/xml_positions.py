"""XML with positions, through expat. A document that declares entities is not read beyond that: no tool's file does.

What is broken ends the reading; the elements before it are kept, and `problem` says in which line it ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from xml.parsers import expat

from checks import late
from checks.formats.located import Located, located
from checks.formats.text_positions import Lines

DEEPEST = 200
"""Levels of nesting that are read."""
MOST_ELEMENTS = 300_000
_NAMES_KEPT = 8
_DECLARED_VERSION = late.compile(r"(<\?xml[^>]{0,20}version\s{0,5}=\s{0,5}[\"'])1\.1")
"""Jenkins writes 1.1, which differs in control characters only and which expat refuses."""
_ATTRIBUTE = late.compile(r"""\s++(?P<name>[^\s=>/]++)\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)')""")


@cache
def _not_xml() -> re.Pattern[str]:
    """Characters that XML does not allow; a pattern that takes long to compile."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Element:
    """One element. `name` has no prefix; `text` is what stands in it beside its children, blanks around it gone."""

    name: str
    attributes: dict[str, str] = field(repr=False)
    children: list[Element] = field(default_factory=list)
    value: Located | None = field(default=None, repr=False)
    name_end: int = 0
    """Offset behind its name in the tag that opens it."""

    def child(self, name: str) -> Element | None:
        return next((child for child in self.children if child.name == name), None)

    def text(self, name: str) -> str:
        """The text of the first child of that name, or an empty one."""
        child = self.child(name)
        return child.value.text if child and child.value else ""

    def walk(self) -> Iterator[tuple[tuple[str, ...], Element]]:
        """Every element below, itself first, with the last eight names that lead to it."""
        waiting: list[tuple[tuple[str, ...], Element]] = [((self.name,), self)]
        while waiting:
            path, element = waiting.pop()
            yield path, element
            waiting += [((*path[1 - _NAMES_KEPT :], child.name), child) for child in reversed(element.children)]


@dataclass(frozen=True)
class Parsed:
    """The root as far as it was read."""

    root: Element | None
    problem: str
    text: str = field(repr=False)
    lines: Lines = field(repr=False)

    def attribute(self, element: Element, name: str) -> Located | None:
        """An attribute's value where it stands in the opening tag."""
        return self.attributes(element).get(name) if name in element.attributes else None

    def attributes(self, element: Element) -> dict[str, Located]:
        """All attributes of an element where they stand."""
        found: dict[str, Located] = {}
        at = element.name_end if element.attributes else len(self.text)
        while match := _ATTRIBUTE.match(self.text, at):
            at = match.end()
            kind = "single" if match["double"] is None else "double"
            if (value := element.attributes.get(match["name"])) is not None:
                found[match["name"]] = located(self.lines, value, *match.span(kind))
        return found


class _Stop(Exception):
    """The rest is not read; the text says why."""


def parse(text: str) -> Parsed:
    """Parses one document. Linear, without recursion and without exceptions, whatever the text."""
    return _Tree(_DECLARED_VERSION.sub(r"\g<1>1.0", _not_xml().sub("\ufffd", text), count=1)).run()


class _Tree:
    """Builds elements from expat's events. Its positions are in bytes; both counters move forward only."""

    def __init__(self, text: str) -> None:
        self.source = text
        self.data = text.encode()
        self.lines = Lines(text)
        self.bytes_at = self.offset_at = 0
        self.open: list[Element] = []
        self.pieces: list[list[tuple[int, str]]] = []
        self.root: Element | None = None
        self.elements = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity

    def run(self) -> Parsed:
        problem = ""
        try:
            self.parser.Parse(self.data, True)
        except _Stop as stop:
            problem = str(stop)
        except expat.ExpatError as error:
            problem = f"not XML in line {error.lineno}"
        while self.open:
            self._end("")
        return Parsed(self.root, problem, self.source, self.lines)

    def _offset(self) -> int:
        index = max(self.parser.CurrentByteIndex, self.bytes_at)
        self.offset_at += len(self.data[self.bytes_at : index].decode("utf-8", "replace"))
        self.bytes_at = index
        return self.offset_at

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if len(self.open) >= DEEPEST:
            raise _Stop(f"nested more than {DEEPEST} levels")
        if self.elements > MOST_ELEMENTS:
            raise _Stop(f"more than {MOST_ELEMENTS:,} elements")
        element = Element(name.rpartition(":")[2], attributes, name_end=self._offset() + 1 + len(name))
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)
        self.pieces.append([])

    def _text(self, data: str) -> None:
        pieces = self.pieces[-1] if self.pieces else None
        if pieces is not None and (pieces or not data.isspace()):
            pieces.append((self._offset(), data))

    def _end(self, _: str) -> None:
        element, pieces = self.open.pop(), self.pieces.pop()
        if pieces:
            text = "".join(piece for _, piece in pieces)
            start = pieces[0][0] + len(text) - len(text.lstrip())
            last_start, last = pieces[-1]
            element.value = located(self.lines, text.strip(), start, last_start + len(last.rstrip()))

    def _entity(self, *_: object) -> None:
        raise _Stop("it declares entities, which no tool writes")
