"""JSON with positions, read the way a person would: what is broken is noted, the rest is still there.

Go's decoder (encoding/json, which every docker client uses) gives up at the first mistake. A scanner must not: an entry
after a stray comma holds a password all the same. So the parser goes on behind a mistake and says in `problem` where a
strict one would have stopped. It never recurses: depth costs memory, not the stack.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from checks import late

GO_DEPTH = 10_000
"""Levels of nesting at which Go's decoder refuses. Nothing reads deeper, so neither does this parser."""
MOST_VALUES = 300_000
"""Values of one text that are kept: four megabytes of `[1,1,1` would otherwise become a gigabyte of nodes."""

_TOKEN = late.compile(
    r"""
      (?P<space>[ \t\r\n]++)
    | (?P<string>"[^"\\\r\n]*+(?>(?:\\.[^"\\\r\n]*+)*)")
    | (?P<broken>"[^"\\\r\n]*+(?>(?:\\.[^"\\\r\n]*+)*))  # no quote ends it: the line does
    | (?P<mark>[{}\[\],:])
    | (?P<bare>[^\s"{}\[\],:/]++)
    | (?P<comment>//[^\n]*+|/\*[^*]*+(?>(?:\*(?!/)[^*]*+)*)(?>(?:\*/)?))
    | (?P<junk>(?s:.))
    """,
    re.VERBOSE,
)
_NUMBER = late.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_LITERALS = {"true": "bool", "false": "bool", "null": "null"}
_NOT_TEXT = late.compile(r"[\ud800-\udfff]")
_COLON = late.compile(r"[ \t\r\n]*:")
_CONTROL = late.compile(r"[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Node:
    """One value. `start` and `end` are offsets into the text, `end` behind the last character."""

    kind: str
    """object, array, string, number, bool or null."""
    start: int
    end: int
    text: str = field(default="", repr=False)
    """The value of a string, as Go reads it; the spelling of a number or a literal. Kept out of the repr."""
    members: tuple[Member, ...] = ()
    items: tuple[Node, ...] = ()


class Member(NamedTuple):
    """One `name: value` of an object; duplicates are all there, in order."""

    name: str
    start: int
    value: Node


class Problem(NamedTuple):
    """The first mistake that makes a strict decoder refuse the text."""

    reason: str
    offset: int


class Parsed(NamedTuple):
    """The first value of the text (what follows it is ignored, as Go does), or None for an empty text."""

    root: Node | None
    problem: Problem | None


def fold(name: str) -> str:
    """The name as Go compares it: case aside, also for the long s and the Kelvin sign, but one sign for one sign."""
    if name.isascii():
        return name.lower()
    return "".join(folded if len(folded := sign.casefold()) == 1 else sign for sign in name)


def members(node: Node | None, name: str) -> Iterator[Member]:
    """Members of an object whose name is equal but for case."""
    folded = fold(name)
    for held in node.members if node else ():
        if held.name == name or fold(held.name) == folded:
            yield held


def member(node: Node | None, name: str) -> Node | None:
    """The value of the last such member."""
    found = None
    for held in members(node, name):
        found = held.value
    return found


def parse(text: str) -> Parsed:
    """Parses the first JSON value. Linear in time and memory, whatever the text."""
    return _Parser(text).run()


@dataclass(slots=True)
class _Open:
    """An object or array that is not closed yet."""

    kind: str
    start: int
    members: list[Member]
    items: list[Node]
    name: str | None = None
    name_start: int = 0
    colon: bool = False
    filled: bool = False  # a value stands here that no comma has ended
    comma: bool = False  # a comma waits for what must follow it

    def node(self, end: int) -> Node:
        return Node(self.kind, self.start, end, members=tuple(self.members), items=tuple(self.items))


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.open: list[_Open] = []
        self.levels = {"object": 0, "array": 0}
        self.values = 0
        self.stopped = False
        self.root: Node | None = None
        self.problem: Problem | None = None

    def run(self) -> Parsed:
        for kind, token, start in self._tokens():
            if kind == "mark":
                self._mark(token, start)
            elif kind == "string":
                self._string(token, start)
            elif kind == "broken":
                self._mistake("a string without its closing quote", start)
                self._string(token, start)
            elif kind == "bare":
                self._bare(token, start)
            else:
                self._mistake(f"{kind} is not JSON" if kind == "comment" else "not JSON", start)
            if self.root:
                return Parsed(self.root, self.problem)
            if self.stopped:
                break
        return self._end_of_text()

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        for match in _TOKEN.finditer(self.text):
            if match.lastgroup != "space":
                yield str(match.lastgroup), match.group(), match.start()

    def _mistake(self, reason: str, offset: int) -> None:
        if not self.problem:
            self.problem = Problem(reason, offset)

    def _mark(self, token: str, start: int) -> None:
        if token in "{[":
            if len(self.open) == GO_DEPTH:
                self._mistake(f"nested more than {GO_DEPTH:,} levels", start)
                self.stopped = True
                return
            kind = "object" if token == "{" else "array"
            self.levels[kind] += 1
            self.open.append(_Open(kind, start, [], []))
        elif not self.open:
            self._mistake("not JSON", start)
        elif token in "}]":
            self._close(token, start)
        elif token == ",":
            self._comma(start)
        else:
            self._colon(start)

    def _comma(self, start: int) -> None:
        top = self.open[-1]
        if not top.filled:
            self._mistake("a comma without a value before it", start)
        top.filled, top.comma, top.name, top.colon = False, True, None, False

    def _colon(self, start: int) -> None:
        top = self.open[-1]
        if top.name is None or top.colon:
            self._mistake("a colon without a name before it", start)
        top.colon = True

    def _close(self, token: str, start: int) -> None:
        wanted = "object" if token == "}" else "array"
        if self.open[-1].kind != wanted:
            self._mistake(f"{token} closes what {token} did not open", start)
            if not self.levels[wanted]:
                return
            while self.open[-1].kind != wanted:
                self._value(self._pop().node(start))
        top = self._pop()
        if top.comma:
            self._mistake("a comma before the closing bracket", start)
        if top.name is not None:
            self._mistake("a name without a value", start)
        self._value(top.node(start + 1))

    def _pop(self) -> _Open:
        top = self.open.pop()
        self.levels[top.kind] -= 1
        return top

    def _string(self, token: str, start: int) -> None:
        top = self.open[-1] if self.open else None
        is_name = top and top.kind == "object" and not top.colon
        if is_name and top and top.name is not None:
            is_name = bool(_COLON.match(self.text, start + len(token)))  # else the value, whose colon is missing
        if top and is_name:
            if top.filled or top.name is not None:
                self._mistake("a comma is missing", start)
            top.name, top.name_start = self._text(token, start), start
            top.filled = top.comma = False
        else:
            self._value(Node("string", start, start + len(token), text=self._text(token, start)))

    def _text(self, token: str, start: int) -> str:
        inside = token[1:-1] if token.endswith('"') and len(token) > 1 else token[1:]
        if _CONTROL.search(inside):
            self._mistake("a control character in a string", start)
        value = inside
        if "\\" in inside:
            try:
                value = str(json.loads(f'"{inside}"', strict=False))
            except ValueError:
                self._mistake("an escape that JSON does not know", start)
        return value if value.isascii() else _NOT_TEXT.sub("\ufffd", value)

    def _bare(self, token: str, start: int) -> None:
        kind = _LITERALS.get(token) or ("number" if _NUMBER.fullmatch(token) else "")
        if not kind and not self.open and token.startswith("null"):
            kind, token = "null", "null"  # Go is content as soon as the first value ends
        if not kind:
            self._mistake("not JSON", start)
            return
        self._value(Node(kind, start, start + len(token), text=token))

    def _value(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        self.values += 1
        if self.values > MOST_VALUES:
            self._mistake(f"more than {MOST_VALUES:,} values", node.start)
            self.stopped = True
        top = self.open[-1]
        if top.filled:
            self._mistake("a comma is missing", node.start)
        if top.kind == "array":
            top.items.append(node)
        elif top.name is None:
            self._mistake("a value without a name", node.start)
        else:
            if not top.colon:
                self._mistake("a colon is missing", node.start)
            top.members.append(Member(top.name, top.name_start, node))
        top.filled, top.comma, top.name, top.colon = True, False, None, False

    def _end_of_text(self) -> Parsed:
        if self.open:
            self._mistake("the text ends in the middle", len(self.text))
        while self.open:
            self._value(self._pop().node(len(self.text)))
        return Parsed(self.root, self.problem)
