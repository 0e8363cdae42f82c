"""Dockerfiles: instructions with positions, as BuildKit's parser reads them.

Line continuation (backslash, or what the `escape` directive says), comments inside continued lines, heredocs, and the
two forms of a command: the text of a shell, or a JSON array. Source: Docker's Dockerfile reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from checks import late
from checks.formats.traced_text import TraceBuilder, Traced

_DIRECTIVE = late.compile(r"#[ \t]*+escape[ \t]*+=[ \t]*+([\\`])[ \t]*+\r?$", re.IGNORECASE)
_INSTRUCTION = late.compile(r"[ \t]*+(?P<name>[A-Za-z]++)(?:[ \t]++|$)")
_HEREDOC = late.compile(r"(?<!<)<<-?(?P<quote>[\"']?)(?P<word>[A-Za-z_]\w{0,200}+)(?P=quote)")
_TAKE_HEREDOCS = frozenset({"RUN", "COPY", "ADD", "ONBUILD"})
_PAIR = late.compile(
    r"""(?<!\S)(?P<name>[^\s=]++)=
        (?:"(?P<double>[^"\\]*+(?>(?:\\.[^"\\]*+)*))"|'(?P<single>[^']*+)'|(?P<bare>(?>(?:\\.|[^\s\\])*)))""",
    re.DOTALL | re.VERBOSE,
)
_OLD_PAIR = late.compile(r"(?P<name>[^\s=]+)[ \t]+(?P<value>.*)", re.DOTALL)
_ESCAPE = late.compile(r"\\(.)", re.DOTALL)
_FLAGS = late.compile(r"\s*+(?>(?:--[a-z][\w-]*+(?:=\S*+)?\s++)*)")
_HEALTH = late.compile(r"CMD\s++", re.IGNORECASE)
_STRING = r'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"'
_EXEC_FORM = late.compile(rf"\s*+\[\s*+{_STRING}\s*+(?>(?:,\s*+{_STRING}\s*+)*)\]\s*+", re.DOTALL)
_EXEC_STRING = late.compile(_STRING, re.DOTALL)
_JSON_ESCAPE = late.compile(r"\\(?:u(?P<code>[0-9A-Fa-f]{4})|(?P<sign>.))", re.DOTALL)
_JSON_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class Instruction(NamedTuple):
    """One instruction. `text` is what follows its name, continuation lines joined and comments between them taken out.
    `script` is the same with the lines of its heredocs behind it, as the shell of a RUN is given it."""

    name: str
    start: int
    text: Traced
    script: Traced
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


def triggered(instruction: Instruction) -> Instruction:
    """The instruction that an ONBUILD holds back, any other as it is."""
    match = _INSTRUCTION.match(instruction.text.text) if instruction.name == "ONBUILD" else None
    if not match:
        return instruction
    text, script = instruction.text.part(match.end()), instruction.script.part(match.end())
    return Instruction(match["name"].upper(), instruction.start, text, script, instruction.heredocs)


def command_of(instruction: Instruction) -> Traced:
    """The command of a RUN, CMD, ENTRYPOINT or HEALTHCHECK, without the flags before it."""
    flags = _FLAGS.match(instruction.script.text)
    begin = flags.end() if flags else 0
    if instruction.name == "HEALTHCHECK" and (health := _HEALTH.match(instruction.script.text, begin)):
        begin = health.end()
    return instruction.script.part(begin)


def exec_words(command: str) -> tuple[Traced, ...]:
    """The words of `["program", "argument"]`, traced into this text; none where it is the text of a shell."""
    if not _EXEC_FORM.fullmatch(command):
        return ()
    return tuple(_unescaped(command, *match.span()) for match in _EXEC_STRING.finditer(command))


def _unescaped(source: str, start: int, end: int) -> Traced:
    builder, position = TraceBuilder(source), start + 1
    for escape in _JSON_ESCAPE.finditer(source, start + 1, end - 1):
        builder.copied(position, escape.start())
        sign = chr(int(escape["code"], 16)) if escape["code"] else _JSON_SIGNS.get(escape["sign"], escape["sign"])
        builder.replaced("\ufffd" if "\ud800" <= sign <= "\udfff" else sign, escape.start(), escape.end())
        position = escape.end()
    builder.copied(position, end - 1)
    return builder.done(start, end)


def pairs(instruction: Instruction) -> Iterator[Pair]:
    """The pairs of an ENV, ARG or LABEL; the old form `ENV name value` too."""
    text = instruction.text.text
    found = list(_PAIR.finditer(text))
    first = text.split(None, 1)[0] if text.strip() else ""
    if "=" not in first and instruction.name in ("ENV", "LABEL") and (old := _OLD_PAIR.match(text)):
        value, start = old["value"].rstrip(), old.start("value")
        if value:
            yield Pair(old["name"], value, instruction.text.first(start), instruction.text.last(start + len(value)))
        return
    for match in found:
        kind = str(match.lastgroup)
        start, end = match.span(kind)
        if end > start:
            value = _ESCAPE.sub(r"\1", match[kind])
            yield Pair(match["name"], value, instruction.text.first(start), instruction.text.last(end))


class _Lines:
    """The lines of a text with their offsets, taken one by one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self._last: dict[str, int] = {}

    def next(self) -> tuple[int, str] | None:
        if self.position >= len(self.text):
            return None
        start = self.position
        end = self.text.find("\n", start)
        self.position = len(self.text) if end < 0 else end + 1
        return start, self.text[start : self.position].rstrip("\r\n")

    def come(self, content: str) -> bool:
        """Whether a line with this content alone still comes."""
        if not self._last:
            start = 0
            for line in self.text.split("\n"):
                self._last[line.strip()] = start
                start += len(line) + 1
        return self._last.get(content, -1) >= self.position


def _instruction(match: re.Match[str], start: int, content: str, lines: _Lines, escape: str) -> Instruction:
    named, name = start + match.start("name"), match["name"].upper()
    builder = TraceBuilder(lines.text)
    begin = match.end()
    while True:
        body = content[begin:]
        continued = body.rstrip().endswith(escape)
        kept = body.rstrip()[:-1] if continued else body
        builder.copied(start + begin, start + begin + len(kept))
        line = _next_part(lines) if continued else None
        if not line:
            break
        start, content = line
        begin = 0
    behind = start + begin + len(kept)
    text = builder.done(named, behind)
    below = lines.position
    heredocs = tuple(_heredocs(text.text, lines)) if name in _TAKE_HEREDOCS else ()
    if not heredocs:
        return Instruction(name, named, text, text)
    builder.copied(below - 1, lines.position)
    return Instruction(name, named, text, builder.done(named, lines.position), heredocs)


def _next_part(lines: _Lines) -> tuple[int, str] | None:
    """The next line of a continued instruction: comments and empty lines between do not end it."""
    while line := lines.next():
        if line[1].strip() and not line[1].lstrip().startswith("#"):
            return line
    return None


def _heredocs(text: str, lines: _Lines) -> Iterator[Heredoc]:
    for opened in _HEREDOC.finditer(text):
        if not lines.come(opened["word"]):
            continue  # `$((1<<BITS))`
        start = end = lines.position
        while line := lines.next():
            if line[1].strip() == opened["word"]:
                break
            end = lines.position
        yield Heredoc(lines.text[start:end], start, bool(opened["quote"]))
