"""Shell text as commands and words, with positions. Knows the common ground of sh, bash, zsh, ksh, fish and csh.

Grammar: POSIX shell command language, bash(1) "QUOTING" and "Here Documents", fish(1) `set`, csh(1) `setenv`. It never
fails: a quote that is not closed ends with its line, a here-document without its end has no body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from checks import late
from checks.formats.shell_quotes import Quotes
from checks.formats.traced_text import TraceBuilder, Traced

Word = Traced

_BLANKS = late.compile(r"(?>(?:[ \t\r\0]|\\\r?\n)*)")
_REDIRECTION = late.compile(r"(?:[0-9]{0,9}|&)(?P<operator><<<|<<-?|<>|<&|<(?!\()|>>|>&|>\||>(?!\())")
_OPERATOR = late.compile(r"&&|\|\||\|&|;;&?|;&|[;&|()]")
_ASSIGNMENT = late.compile(r"(?P<name>[A-Za-z_]\w*)(?:\[[^\]\s]{0,40}\])?\+?=", re.ASCII)
_POWERSHELL = late.compile(r"\$(?:env:(?P<name>\w+)|\{env:(?P<braced>\w+)\})", re.ASCII | re.IGNORECASE)
_NAME = late.compile(r"[A-Za-z_]\w*", re.ASCII)
_TABS = r"(?m:^\t++)"
_EXPANSION = r"\\(?P<escaped>[$`\\])|\\\r?\n|(?P<kept>\\.)|(?P<dynamic>\$\w+|\$\{[^}\n]*\}?|\$\([^)\n]*\)?|`[^`\n]*`?)"
_IN_BODY = late.compile(_EXPANSION)
_IN_QUOTED_BODY = late.compile(_TABS)
_IN_INDENTED_BODY = late.compile(rf"{_TABS}|{_EXPANSION}")
_WRITING = frozenset({">", ">>", ">|", "&>"})
_DECLARING = frozenset({"export", "declare", "typeset", "readonly", "local"})
_RESERVED = frozenset(
    {"if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "and", "or", "not", "begin"}
)
_LONGEST_DOCUMENT = 256 * 1024
_LONGEST_ARITHMETIC = 256


class Assignment(NamedTuple):
    """`NAME=value` before a command, or what export, declare, set -x (fish) and setenv (csh) say."""

    name: str
    value: Word


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command. `words` are its program and arguments, without assignments before it and redirections."""

    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    stdin_text: Word | None
    """Body of its here-document, its here-string, or the process substitution that it reads."""
    piped_from: Command | None = field(repr=False, compare=False)
    offset: int
    written_to: Word | None = None
    """The file that its output goes to, as `> file` and `>> file` name it."""


def commands(text: str, *, fish: bool = False) -> Iterator[Command]:
    """The simple commands in the order of the text; those inside a command substitution stay inside their word.

    `fish`: the text is fish's, which quotes in its own way.
    """
    return _Reader(text, fish=fish).commands()


@dataclass(slots=True)
class _Draft:
    offset: int
    words: list[Word] = field(default_factory=list)
    stdin: Word | None = None
    piped: bool = False
    written_to: Word | None = None


class _Document(NamedTuple):
    """A here-document whose body follows the line."""

    draft: _Draft
    end: str
    indented: bool
    quoted: bool


class _Reader:
    def __init__(self, text: str, *, fish: bool) -> None:
        self.text = text
        self.quotes = Quotes(text, fish=fish)
        self.line: list[_Draft] = []
        self.documents: list[_Document] = []
        self.open: _Draft | None = None
        self.piped = False

    def commands(self) -> Iterator[Command]:
        text, position, length = self.text, 0, len(self.text)
        while True:
            blank = _BLANKS.match(text, position)
            position = blank.end() if blank else position
            if position >= length:
                break
            char = text[position]
            if char == "\n":
                position = self._bodies(position + 1)
                if not self.piped:  # a pipe goes on behind the end of the line
                    yield from self._finished()
            elif char == "#":
                position = self.quotes.line_end(position)
            elif char in ";&|()<>0123456789":
                position = self._operator(position)
            else:
                position = self._add_word(position)
        yield from self._finished()

    def _operator(self, position: int) -> int:
        redirection = _REDIRECTION.match(self.text, position)
        if redirection:
            return self._redirection(redirection["operator"], position, redirection.end())
        if self.text.startswith("((", position) and not self.open:
            close = self.text.find("))", position, min(self.quotes.line_end(position), position + _LONGEST_ARITHMETIC))
            if close >= 0:  # arithmetic: its << is no here-document
                return close + 2
        operator = _OPERATOR.match(self.text, position)
        if not operator:
            return self._add_word(position)
        self.piped = operator.group() in ("|", "|&") and self.open is not None
        self.open = None
        return operator.end()

    def _add_word(self, position: int) -> int:
        word = self.quotes.word(position)
        self._draft(position).words.append(word)
        return word.end

    def _draft(self, position: int) -> _Draft:
        if self.open is None:
            self.open = _Draft(position, piped=self.piped)
            self.line.append(self.open)
            self.piped = False
        return self.open

    def _redirection(self, operator: str, start: int, position: int) -> int:
        blank = _BLANKS.match(self.text, position)
        target = blank.end() if blank else position
        substitution = operator == "<" and self.text.startswith("<(", target)
        if target >= len(self.text) or (self.text[target] in "\n;&|()<>" and not substitution):
            return target
        word = self.quotes.word(target)
        draft = self._draft(target)
        if operator == "<<<" or substitution:
            draft.stdin = word
        elif operator.startswith("<<"):
            quoted = word.text != self.text[word.start : word.end]
            self.documents.append(_Document(draft, word.text, operator == "<<-", quoted))
        elif operator in _WRITING and self.text[start] not in "023456789":
            draft.written_to = word
        return word.end

    def _bodies(self, position: int) -> int:
        """Reads the bodies of the line's here-documents, and says where the text goes on."""
        for document in self.documents:
            found = self._body(document, position)
            if not found:
                continue
            end, position_behind = found
            literal = document.quoted or not document.draft.words  # a Dockerfile's `RUN <<EOF` is a script
            document.draft.stdin = _body_text(self.text, position, end, literal=literal, indented=document.indented)
            position = position_behind
        self.documents.clear()
        return position

    def _body(self, document: _Document, position: int) -> tuple[int, int] | None:
        start = position
        while self.quotes.patience and position < len(self.text) and position - start < _LONGEST_DOCUMENT:
            end = self.quotes.line_end(position)
            line = self.text[position:end].removesuffix("\r")
            if (line.lstrip("\t") if document.indented else line) == document.end:
                return position, min(end + 1, len(self.text))
            position = end + 1
        self.quotes.patience = max(self.quotes.patience - 1, 0)
        return None

    def _finished(self) -> Iterator[Command]:
        """The commands of the line that has just ended."""
        before: Command | None = None
        for draft in self.line:
            before = _command(self.text, draft, before if draft.piped else None)
            yield before
        self.line.clear()
        self.documents.clear()
        self.open, self.piped = None, False


def _body_text(source: str, start: int, end: int, *, literal: bool, indented: bool) -> Word:
    """The body as the command reads it: without the tabs that `<<-` takes away, and the backslashes that the shell
    takes away where the end was not quoted."""
    text = source[start:end]
    if literal and not indented:
        return Word(text, start, end)
    builder, position = TraceBuilder(source), start
    pattern = _IN_QUOTED_BODY if literal else _IN_INDENTED_BODY if indented else _IN_BODY
    for found in pattern.finditer(source, start, end):
        builder.copied(position, found.start())
        position = found.end()
        if found.lastgroup == "dynamic":
            builder.dynamic(found.start(), position)
        elif found.lastgroup == "escaped":
            builder.replaced(found["escaped"], *found.span())
        elif found.lastgroup == "kept":
            builder.copied(*found.span())
    if position == start:
        return Word(text, start, end)
    builder.copied(position, end)
    return builder.done(start, end)


def _command(source: str, draft: _Draft, piped_from: Command | None) -> Command:
    words = draft.words
    first = 0
    while first < len(words) and words[first].text in _RESERVED:
        first += 1
    assignments = []
    while first < len(words) and (match := _ASSIGNMENT.match(source, words[first].start, words[first].end)):
        assignments.append(Assignment(match["name"], words[first].part(match.end() - match.start())))
        first += 1
    rest = tuple(words[first:])
    assignments += _declared(source, rest)
    return Command(rest, tuple(assignments), draft.stdin, piped_from, draft.offset, draft.written_to)


def _declared(source: str, words: tuple[Word, ...]) -> Iterator[Assignment]:
    if not words:
        return
    program = words[0].text
    if program in _DECLARING:
        for word in words[1:]:
            if match := _ASSIGNMENT.match(word.text):
                yield Assignment(match["name"], word.part(match.end()))
    elif program == "set" and all(word.text != "--" for word in words):
        yield from _set([word for word in words[1:] if not word.text.startswith("-")])
    elif program in ("setenv", "setx") and len(words) == 3 and _NAME.fullmatch(words[1].text):
        yield Assignment(words[1].text, words[2])
    elif match := _POWERSHELL.match(source, words[0].start, words[0].end):
        yield from _powershell(match["name"] or match["braced"], match.end() - match.start(), words)


def _set(words: list[Word]) -> Iterator[Assignment]:
    """`set -x NAME v` of fish, `set NAME = v` and `set NAME=v` of csh."""
    if len(words) == 1 and (match := _ASSIGNMENT.match(words[0].text)):
        yield Assignment(match["name"], words[0].part(match.end()))
    elif len(words) in (2, 3) and _NAME.fullmatch(words[0].text):
        if len(words) == 2:
            yield Assignment(words[0].text, words[1])
        elif words[1].text == "=":
            yield Assignment(words[0].text, words[2])


def _powershell(name: str, length: int, words: tuple[Word, ...]) -> Iterator[Assignment]:
    """`$env:NAME = "v"`, with or without the blanks."""
    rest = words[0].text[length:]
    if rest.startswith("=") and len(rest) > 1:
        yield Assignment(name, words[0].part(length + 1))
    elif rest == "=" and len(words) > 1:
        yield Assignment(name, words[1])
    elif not rest and len(words) > 2 and words[1].text == "=":
        yield Assignment(name, words[2])
