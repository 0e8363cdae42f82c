"""HCL (Terraform, OpenTofu, Packer, Nomad) as the nodes of checks.formats.yaml_positions.

Grammar: hashicorp/hcl, hclsyntax/spec.md. A block is a mapping below its type and its labels. Only literals have a
value; an expression stands there by its first word and the tag `!expression`. Arguments of a call are read as if the
call were not there, so `jsonencode({ ... })` is what it encodes. What is broken is passed over; nothing recurses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks import late
from checks.formats.text_positions import Lines
from checks.formats.yaml_positions import DEEPEST, MOST_NODES, Member, Node, Parsed, Problem

EXPRESSION = "!expression"
_TOKEN = late.compile(
    r"""
      (?P<space>[ \t\r]++ | \#[^\n]*+ | //[^\n]*+ | /\*[^*]*+(?>(?:\*(?!/)[^*]*+)*)(?>(?:\*/)?))
    | (?P<heredoc><<-?(?P<end>[A-Za-z_][\w-]{0,60})[ \t\r]*+\n)
    | (?P<quote>")
    | (?P<word>[^\W\d][\w.-]*+)
    | (?P<number>\d[\w.]*+)
    | (?P<mark>[{}\[\]()=:,\n])
    | (?P<other>(?s:.))
    """,
    re.VERBOSE,
)
_STRING = late.compile(
    r"""[^"\\$%\n{}]++ | (?P<escape>\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\n])) | (?P<double>\$\$\{|%%\{)
    | (?P<open>[$%]\{) | (?P<brace>[{}]) | (?P<end>") | (?P<line>\n) | (?P<sign>.)""",
    re.VERBOSE,
)
_ESCAPE = late.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}
_OPENING = {"{": "}", "[": "]", "(": ")"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """string, heredoc, word, number, mark or other."""
    start: int
    end: int
    text: str = field(repr=False)


@dataclass(slots=True)
class _Open:
    """A body, list or call that is not closed yet. `names` are what its value will be called by its parent."""

    closing: str
    start: int
    names: list[_Token]
    members: list[Member] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    pending: list[_Token] = field(default_factory=list)
    """Words and strings since the last end: a name, a block's type and labels, or a value."""
    assigning: list[_Token] | None = None
    """The name before `=`, whose value has not come yet."""


def parse_hcl(text: str) -> Parsed:
    """Parses the text. Linear in time and memory, and without exceptions, whatever the text."""
    return _Reader(text).run()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.open = [_Open("", 0, [])]
        self.levels: Counter[str] = Counter()
        self.nodes = 0
        self.problem: Problem | None = None

    def run(self) -> Parsed:
        for token in _tokens(self.text):
            if token.kind == "mark":
                self._mark(token)
            else:
                self.open[-1].pending.append(token)
            if self.nodes > MOST_NODES or len(self.open) > DEEPEST:
                many = self.nodes > MOST_NODES
                reason = f"more than {MOST_NODES:,} values" if many else f"nested more than {DEEPEST} levels"
                self.problem = Problem(reason, self.lines.at(token.start)[0])
                break
        self._end_entry()
        while len(self.open) > 1:
            self._mistake("not closed", self.open[-1].start)
            self._close(len(self.text))
        root = self._node("mapping", 0, len(self.text), members=tuple(self.open[0].members))
        return Parsed((root,), self.problem)

    def _mistake(self, reason: str, offset: int) -> None:
        self.problem = self.problem or Problem(reason, self.lines.at(offset)[0])

    def _mark(self, token: _Token) -> None:
        top = self.open[-1]
        if token.text in _OPENING:
            self._begin(token)
        elif token.text in ("}", "]", ")"):
            self._end_entry()
            if token.text != top.closing:
                self._mistake("a bracket that does not match", token.start)
            if self.levels[token.text]:
                while self.open[-1].closing != token.text:
                    self._close(token.start)
                self._close(token.end)
        elif token.text in ("=", ":") and top.closing in ("", "}") and top.assigning is None and top.pending:
            top.assigning, top.pending = top.pending, []
        elif token.text == "\n" and top.closing in (")", "]"):
            pass  # goes on in the next line
        elif token.text in ("\n", ","):
            self._end_entry()

    def _begin(self, token: _Token) -> None:
        top = self.open[-1]
        if token.text == "(" and top.pending and top.pending[-1].kind == "word":
            top.pending.pop()  # the function
        names = top.assigning if top.assigning is not None else top.pending
        call = token.text == "("
        self.open.append(_Open(_OPENING[token.text], token.start, [] if top.closing in (")", "]") else list(names)))
        if not call or top.assigning is not None:
            top.pending = []
        top.assigning = None
        self.levels[_OPENING[token.text]] += 1

    def _end_entry(self) -> None:
        """A line, a comma or a bracket ends what was read: it is an attribute or an item."""
        top = self.open[-1]
        value = self._value(top.pending)
        if top.assigning is not None and value:
            self._add(top.assigning, value)
        elif top.closing in ("]", ")") and value:
            top.items.append(value)
        top.pending, top.assigning = [], None

    def _value(self, tokens: list[_Token]) -> Node | None:
        if not tokens:
            return None
        first = tokens[0]
        if len(tokens) == 1 and first.kind in ("string", "heredoc"):
            style = '"' if first.kind == "string" else "|"
            return self._node("scalar", first.start, first.end, text=first.text, style=style)
        if len(tokens) == 1 and (first.kind == "number" or first.text in ("true", "false", "null")):
            return self._node("scalar", first.start, first.end, text=first.text if first.text != "null" else "")
        return self._node("scalar", first.start, first.end, text=first.text, tag=EXPRESSION)

    def _close(self, end: int) -> None:
        top = self.open.pop()
        self.levels[top.closing] -= 1
        if top.closing == "}":
            node = self._node("mapping", top.start, end, members=tuple(top.members))
        elif top.closing == ")" and len(top.items) == 1:
            node = top.items[0]
        else:
            node = self._node("sequence", top.start, end, items=tuple(top.items))
        above = self.open[-1]
        if above.closing in ("]", ")"):
            above.items.append(node)
        elif top.names:
            self._add(top.names, node)

    def _add(self, names: list[_Token], value: Node) -> None:
        """`resource "a" "b" {` holds b in a in resource; an attribute's name is one word."""
        words = [token for token in names if token.kind != "other"] or names
        for token in reversed(words[1:4]):
            value = self._node("mapping", token.start, token.end, members=(self._member(token, value),))
        self.open[-1].members.append(self._member(words[0], value))

    def _member(self, name: _Token, value: Node) -> Member:
        key = self._node("scalar", name.start, name.end, text=name.text, style='"' if name.kind == "string" else "")
        return Member(name.text, key, value)

    def _node(
        self,
        kind: str,
        start: int,
        end: int,
        *,
        text: str = "",
        style: str = "",
        tag: str = "",
        members: tuple[Member, ...] = (),
        items: tuple[Node, ...] = (),
    ) -> Node:
        self.nodes += 1
        return Node(kind, start, end, self.lines, text, style, tag, members, items)


def _tokens(text: str) -> Iterator[_Token]:
    position, misses = 0, 0
    while match := _TOKEN.match(text, position):
        kind, start, position = str(match.lastgroup), match.start(), match.end()
        if match["quote"]:
            token = _string(text, position)
            position = token.end
            yield token
        elif match["heredoc"]:
            stop = _heredoc_end(text, position, match["end"]) if misses < 20 else None
            if stop is None:  # no end: this was no here-document
                misses += 1
                position -= 1  # the end of its line counts
                continue
            body, position = stop
            yield _Token("heredoc", position if body == position else match.end(), body, text[match.end() : body])
        elif kind != "space":
            yield _Token(kind, start, position, match.group())


def _string(text: str, start: int) -> _Token:
    """The string whose opening quote is right before `start`; a quote within `${ }` does not end it."""
    position, depth, parts = start, 0, []
    while (match := _STRING.match(text, position)) and not match["line"]:
        position = match.end()
        if match["end"] and not depth:
            break
        depth += bool(match["open"]) or (bool(depth) and match["brace"] == "{")
        depth -= bool(depth) and match["brace"] == "}"
        parts.append(_ESCAPE.sub(_unescaped, match.group()) if match["escape"] else match.group())
    return _Token("string", start, position, "".join(parts))


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if not digits:
        return _LETTERS.get(match[3], match[3])
    point = int(digits, 16)
    return chr(point) if point < 0xD800 or 0xDFFF < point < 0x110000 else "\ufffd"


def _heredoc_end(text: str, start: int, word: str) -> tuple[int, int] | None:
    """Where the body ends, and where the line of its closing word does."""
    match = re.compile(rf"^[ \t]*+{re.escape(word)}(?![\w-])", re.MULTILINE).search(text, start)
    return (match.start(), match.end()) if match else None
