"""Dockerfiles: instructions with positions, as BuildKit's parser reads them.

Line continuation (backslash, or what the `escape` directive says), comments inside continued lines, heredocs.
Source: the Dockerfile reference of Docker's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_DIRECTIVE = re.compile(r"#[ \t]*escape[ \t]*=[ \t]*([\\`])[ \t]*\r?$", re.IGNORECASE)
_INSTRUCTION = re.compile(r"[ \t]*(?P<name>[A-Za-z]+)(?:[ \t]+|$)")
_HEREDOC = re.compile(r"<<-?(?P<quote>[\"']?)(?P<word>[A-Za-z_]\w*)(?P=quote)")
_PAIR = re.compile(
    r"""(?P<name>[^\s=]+)=(?:"(?P<double>[^"\\]*+(?:\\.[^"\\]*+)*+)"|'(?P<single>[^']*+)'|(?P<bare>(?:\\.|[^\s\\])*+))""",
    re.DOTALL | re.VERBOSE,
)
_OLD_PAIR = re.compile(r"(?P<name>[^\s=]+)[ \t]+(?P<value>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `text` is what follows its name, continuation lines joined and comments between them taken out;
    `offsets[i]` is the offset in the file of `text[i]`."""

    name: str
    start: int
    text: str = field(repr=False)
    offsets: tuple[int, ...] = field(repr=False)
    heredocs: tuple[Heredoc, ...] = ()


@dataclass(frozen=True, slots=True)
class Heredoc:
    """The body of a heredoc, `start` its offset. `literal`: its word was quoted, so no variable is replaced."""

    text: str = field(repr=False)
    start: int
    literal: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """`name=value` of ENV, ARG or LABEL; `start` and `end` are offsets in the file of the value as written."""

    name: str
    value: str = field(repr=False)
    start: int
    end: int


def read_dockerfile(text: str) -> Iterator[Instruction]:
    """The instructions of the file, in order; what is none is passed over. Linear, whatever the text."""
    lines = _Lines(text)
    escape = "\\"
    while line := lines.next():
        start, content = line
        if directive := _DIRECTIVE.match(content):
            escape = directive[1]
        match = _INSTRUCTION.match(content)
        if match:
            yield _instruction(match, start, content, lines, escape)


def pairs(instruction: Instruction) -> Iterator[Pair]:
    """The pairs of an ENV, ARG or LABEL; the old form `ENV name value` too."""
    text, offsets = instruction.text, instruction.offsets
    found = list(_PAIR.finditer(text))
    if not found and instruction.name in ("ENV", "LABEL") and (old := _OLD_PAIR.match(text)):
        value = old["value"].rstrip()
        if value:
            yield Pair(
                old["name"], value, offsets[old.start("value")], offsets[old.start("value") + len(value) - 1] + 1
            )
        return
    for match in found:
        kind = str(match.lastgroup)
        value = match[kind]
        if value:
            end = offsets[match.end(kind) - 1] + 1
            yield Pair(match["name"], _ESCAPE.sub(r"\1", value), offsets[match.start(kind)], end)


class _Lines:
    """The lines of a text with their offsets, taken one by one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def next(self) -> tuple[int, str] | None:
        if self._position >= len(self._text):
            return None
        start = self._position
        end = self._text.find("\n", start)
        self._position = len(self._text) if end < 0 else end + 1
        return start, self._text[start : self._position].rstrip("\r\n")


def _instruction(match: re.Match[str], start: int, content: str, lines: _Lines, escape: str) -> Instruction:
    named = start + match.start("name")
    parts: list[str] = []
    offsets: list[int] = []
    begin = match.end()
    while True:
        body = content[begin:]
        continued = body.rstrip().endswith(escape)
        kept = body.rstrip()[:-1] if continued else body
        parts.append(kept)
        offsets.extend(range(start + begin, start + begin + len(kept)))
        line = _next_part(lines) if continued else None
        if not line:
            break
        start, content = line
        begin = 0
    text = "".join(parts)
    return Instruction(match["name"].upper(), named, text, tuple(offsets), tuple(_heredocs(text, lines)))


def _next_part(lines: _Lines) -> tuple[int, str] | None:
    """The next line of a continued instruction: comments and empty lines between do not end it."""
    while line := lines.next():
        if line[1].strip() and not line[1].lstrip().startswith("#"):
            return line
    return None


def _heredocs(text: str, lines: _Lines) -> Iterator[Heredoc]:
    for opened in _HEREDOC.finditer(text):
        body: list[str] = []
        begin = None
        while line := lines.next():
            begin = line[0] if begin is None else begin
            if line[1].strip() == opened["word"]:
                break
            body.append(line[1])
        yield Heredoc("\n".join(body), begin or 0, bool(opened["quote"]))
