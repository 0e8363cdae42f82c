"""YAML with positions. Only events are read: no constructor runs, whatever the tags say.

What is broken ends the reading; what stood before it is kept, and `problem` says where it ended. Nothing recurses, and
depth and number of nodes are bounded. An alias gives the very node of its anchor, so a small text can stand for an
endless tree: walk it with `walk`, which visits each node once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import yaml

from checks import late
from checks.formats.located import Located
from checks.formats.text_positions import Lines

DEEPEST = 200
"""Levels of nesting that are read: people's files have a dozen."""
MOST_NODES = 300_000
LONGEST_WITHOUT_C = 512 * 1024
"""Characters that are read where PyYAML came without libyaml, which is some thirty times as fast."""
MOST_ALIASED = 1_000_000
"""Values that all aliases together may stand for: whoever looks below each of them comes to each of these."""
_MOST_MERGES = 50

_Event = Any
"""An event of PyYAML, whose published types leave the marks open."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING = {yaml.MappingStartEvent: "mapping", yaml.SequenceStartEvent: "sequence"}
_PROPERTIES = late.compile(r"(?>(?:[&!]\S*+\s++)*)")
_BLOCK_HEADER = late.compile(r"[|>][^\n]*+\n(?>(?:[ \t\r]*\n)*)[ \t]*+")


@cache
def _not_yaml(ascii_only: bool) -> re.Pattern[str]:
    """Characters that make any YAML reader refuse the whole text (yaml.org/spec/1.2, production 1)."""
    if ascii_only:
        return re.compile("[^\t\n\r\x20-\x7e]")
    return re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Node(NamedTuple):
    """One value. `start` is the offset of the text of a scalar, behind its quote or its block's header.

    A tuple, as hundreds of thousands of them are made: its lines are counted when somebody asks for them.
    """

    kind: str
    """mapping, sequence or scalar."""
    start: int
    end: int
    lines: Lines
    text: str = ""
    """The value of a scalar as a string, whatever its type."""
    style: str = ""
    """How a scalar is written: `'`, `"`, `|`, `>`, or empty where it is plain."""
    tag: str = ""
    members: tuple[Member, ...] = ()
    items: tuple[Node, ...] = ()

    @property
    def line(self) -> int:
        return self.lines.at(self.start)[0]

    @property
    def column(self) -> int:
        return self.lines.at(self.start)[1]

    @property
    def end_line(self) -> int:
        return self.lines.at(max(self.end - 1, self.start))[0]

    @property
    def located(self) -> Located:
        return Located(self.text, *self.lines.at(self.start), self.end_line)

    def __repr__(self) -> str:
        return f"<{self.kind} in line {self.line}>"


class Member(NamedTuple):
    """One `name: value`; duplicates are all there, in order. The name is empty where it is no scalar."""

    name: str
    key: Node
    value: Node


class Problem(NamedTuple):
    """What ended the reading early: a clause that quotes nothing of the text."""

    reason: str
    line: int


class Parsed(NamedTuple):
    """The documents of the text; the last one ends where the problem is."""

    documents: tuple[Node, ...]
    problem: Problem | None = None

    @property
    def clause(self) -> str:
        """The problem in one clause, empty where all was read."""
        return f"{self.problem.reason} in line {self.problem.line}" if self.problem else ""


def parse(text: str) -> Parsed:
    """Parses every document. Linear in time and memory, and without exceptions, whatever the text."""
    if _LOADER is yaml.SafeLoader and len(text) > LONGEST_WITHOUT_C:
        return Parsed((), Problem("too long to be read without libyaml", 1))
    return _Tree(text).run()


def member(node: Node | None, name: str) -> Node | None:
    """The value of the last member of that name, or one merged in by `<<`; None where there is none."""
    for held in reversed(node.members if node else ()):
        if held.name == name:
            return held.value
    if not any(held.name == "<<" for held in (node.members if node else ())):
        return None
    waiting, seen = [node], 0
    while waiting and seen < _MOST_MERGES:
        current, seen = waiting.pop(0), seen + 1
        for held in reversed(current.members if current else ()):
            if held.name == name:
                return held.value
            if held.name == "<<" and held.key.style == "":
                waiting += [*held.value.items, held.value]
    return None


def text_at(node: Node | None, *names: str) -> str:
    """The text of the scalar below these names, or an empty one."""
    found = at(node, *names)
    return found.text if found and found.kind == "scalar" else ""


def at(node: Node | None, *names: str) -> Node | None:
    """The node below these names."""
    for name in names:
        node = member(node, name)
    return node


def walk(root: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Every node once, with the names that lead to it (the last eight of them), in the order of the text."""
    waiting: list[tuple[tuple[str, ...], Node]] = [((), root)]
    seen: set[int] = set()
    while waiting:
        path, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield path, node
        waiting += [(path, item) for item in reversed(node.items)]
        waiting += [((*path[-7:], held.name), held.value) for held in reversed(node.members)]


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is not closed yet; a mapping's keys and values take turns in `items`."""

    kind: str
    start: int
    tag: str
    anchor: str | None
    items: list[Node]
    size: int = 1
    """Values in it, those that aliases stand for counted anew."""


class _Tree:
    """Builds nodes from events."""

    def __init__(self, text: str) -> None:
        self.text = _not_yaml(text.isascii()).sub("\ufffd", text)
        self.lines = Lines(self.text)
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.aliased = 0
        self.documents: list[Node] = []
        self.nodes = 0
        self.last = 0

    def run(self) -> Parsed:
        problem = None
        try:
            loader = _LOADER(self.text)
            while event := loader.get_event():
                if reason := self._take(event):
                    problem = Problem(reason, self.lines.at(self.last)[0])
                    break
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = Problem("not YAML", mark.line + 1 if mark else self.lines.at(self.last)[0])
        except (yaml.YAMLError, ValueError, RecursionError):
            problem = Problem("not YAML", self.lines.at(self.last)[0])
        while self.open:
            self._close(len(self.text))
        return Parsed(tuple(self.documents), problem)

    def _take(self, event: _Event) -> str:
        """Adds what one event tells. Returns why nothing more is read, or an empty text."""
        self.last = event.start_mark.index
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._add(self._scalar(event), event.anchor)
        elif kind in _OPENING:
            self.open.append(_Open(_OPENING[kind], self.last, event.tag or "", event.anchor, []))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close(self.last)
        elif kind is yaml.AliasEvent:
            nothing = Node("scalar", self.last, self.last, self.lines)
            node, size = self.anchors.get(event.anchor or "") or (nothing, 1)
            self.aliased += size
            self._add(node, None, size)
        elif kind is yaml.DocumentStartEvent:
            self.anchors = {}
        if len(self.open) > DEEPEST:
            return f"nested more than {DEEPEST} levels"
        if self.aliased > MOST_ALIASED:
            return f"aliases of more than {MOST_ALIASED:,} values"
        return f"more than {MOST_NODES:,} values" if self.nodes > MOST_NODES else ""

    def _scalar(self, event: Any) -> Node:
        start, style = event.start_mark.index, event.style or ""
        if event.anchor or event.tag:
            match = _PROPERTIES.match(self.text, start)
            start = match.end() if match else start
        if style in ("'", '"'):
            start += 1
        elif style in ("|", ">"):
            header = _BLOCK_HEADER.match(self.text, start)
            start = header.end() if header else start
        end = start + len(self.text[start : event.end_mark.index].rstrip())
        return Node("scalar", start, end, self.lines, event.value, style, event.tag or "")

    def _close(self, end: int) -> None:
        top = self.open.pop()
        if top.kind == "sequence":
            node = Node("sequence", top.start, end, self.lines, tag=top.tag, items=tuple(top.items))
        else:
            pairs = zip(top.items[::2], top.items[1::2], strict=False)
            members = tuple([Member(key.text if key.kind == "scalar" else "", key, value) for key, value in pairs])
            node = Node("mapping", top.start, end, self.lines, tag=top.tag, members=members)
        self._add(node, top.anchor, top.size)

    def _add(self, node: Node, anchor: str | None, size: int = 1) -> None:
        self.nodes += 1
        if anchor:
            self.anchors[anchor] = (node, size)
        if self.open:
            self.open[-1].items.append(node)
            self.open[-1].size += size
        else:
            self.documents.append(node)
