"""PowerShell's text as commands and words, with positions: profiles and scripts.

Grammar: about_Quoting_Rules, about_Parsing, about_Special_Characters and about_Environment_Variables of Microsoft's
documentation. It never fails, and is linear but for what bounds keep short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.shell_words import Assignment, Command, Word
from checks.formats.traced_text import Piece, Traced, joined

_LONGEST = 16 * 1024
"""Characters over which a quote may reach; more is a quote that somebody forgot to close."""
_SPACE = late.compile(r"(?>(?:[ \t\r\f,]++|`\r?\n|\#[^\n]*+)*)")
_END = frozenset("\n;|&(){}")
_BARE = late.compile(r"[^\s`'\"$;|&(){},]++")
_PLAIN = late.compile(r"[^\s`'\"$;|&(){},@]++(?=[\s;|&(){},]|\Z)")
"""A word that holds nothing but itself: most are."""
_HERE = late.compile(r"@(?P<quote>['\"])[ \t]*+\r?\n")
_SINGLE = late.compile(r"'(?P<text>[^']{0,16000}+(?>(?:''[^']{0,16000}+){0,1000}))'")
_DOUBLE = late.compile(r'"(?P<text>[^"`]{0,16000}+(?>(?:(?:`[\s\S]|"")[^"`]{0,16000}+){0,1000}))"')
_EXPANSION = r"\$(?:\{[^}\n]{1,200}\}|(?:\w+:)?\w+|[$?^]|\((?:[^()\n]|\([^()\n]{0,200}\)){0,1000}\)?)"
_VARIABLE = late.compile(_EXPANSION)
_IN_DOUBLE = late.compile(rf'`(?P<sign>[\s\S])|(?P<doubled>"")|(?P<variable>{_EXPANSION})')
_SIGNS = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_TARGET = late.compile(
    r"""(?:(?:\[[\w.\[\]]{1,60}\])?
            \$ (?:\{env:(?P<braced>\w+)\} | (?:(?:env|script|global|local|private):)?(?P<name>\w+))
        | (?P<key>[A-Za-z_]\w*)) [ \t]*+ \+?=(?!=) [ \t]*+""",
    re.IGNORECASE | re.VERBOSE,
)
_ENVIRONMENT = late.compile(r"env:[\\/]?(?P<name>\w+)", re.IGNORECASE)
_SETTING = frozenset({"set-item", "new-item", "set-content", "si", "ni"})
_METHOD = "]::setenvironmentvariable"
_STRINGS = ("'", '"', "@'", '@"')


def powershell_commands(text: str) -> Iterator[Command]:
    """The commands in the order of the text, those in blocks and parentheses as commands of their own."""
    position, before, piped, called = 0, None, False, False
    while position < len(text):
        start = position
        words, position = _words(text, position)
        end = text[position : position + 1]
        command = None
        if words:
            command = _command(text, words, before if piped else None, called=called)
            yield command
        called = end == "(" and bool(words) and words[-1].text.lower().endswith(_METHOD)
        if end == "|" and words:
            before, piped = command, True
        elif words or end != "\n":
            piped = False
        position = max(position + 1, start + 1)


def _words(text: str, position: int) -> tuple[list[Word], int]:
    """The words up to the end of the command, and where that is."""
    words: list[Word] = []
    while True:
        position = _behind_space(text, position)
        if position >= len(text) or text[position] in _END:
            return words, position
        word, position = _word(text, position)
        words.append(word)


def _behind_space(text: str, position: int) -> int:
    while found := _SPACE.match(text, position):
        position = found.end()
        close = text.find("#>", position, position + _LONGEST) if text.startswith("<#", position) else -1
        if close < 0:
            break
        position = close + 2
    return position


def _word(text: str, position: int) -> tuple[Word, int]:
    if plain := _PLAIN.match(text, position):
        return Traced(plain.group(), position, plain.end()), plain.end()
    start, parts = position, list[Traced]()
    while position < len(text) and not text[position].isspace() and text[position] not in ";|&(){},":
        stretch = list[Traced]()
        position = _stretch(text, position, stretch)
        parts += stretch
    whole = parts[0] if len(parts) == 1 and parts[0].start == start else joined(parts)
    return Traced(whole.text, start, position, whole.pieces, whole.dynamic_spans), position


def _stretch(text: str, position: int, parts: list[Traced]) -> int:
    """Adds what begins here, a quoted text or a run of characters, and says where it ends."""
    char = text[position]
    if char == "@" and (here := _HERE.match(text, position)):
        close = text.find(f"\n{here['quote']}@", here.end() - 1, here.end() + _LONGEST)
        if close >= 0:
            parts += _quoted(text, here.end(), max(close, here.end()), here["quote"], here=True)
            return close + 3
    pattern = {"'": _SINGLE, '"': _DOUBLE}.get(char)
    if pattern and (quoted := pattern.match(text, position)):
        parts += _quoted(text, *quoted.span("text"), char)
        return quoted.end()
    if found := _BARE.match(text, position):
        parts.append(Traced(found.group(), position, found.end()))
    elif found := _VARIABLE.match(text, position):
        parts.append(Traced(found.group(), position, found.end(), (), ((0, len(found.group())),)))
    else:
        escaped = text[position] == "`" and position + 1 < len(text)
        end = position + 1 + escaped
        if char not in "'\"":  # a quote that is never closed is no part of the text behind it
            parts.append(_sign(text[end - 1], position, end))
        return end
    return found.end()


def _quoted(text: str, start: int, end: int, quote: str, *, here: bool = False) -> Iterator[Traced]:
    position = start
    if quote == "'":
        while not here and (found_at := text.find("''", position, end)) >= 0:
            yield Traced(text[position : found_at + 1], position, found_at + 1)
            position = found_at + 2
        yield Traced(text[position:end], position, end)
        return
    for found in _IN_DOUBLE.finditer(text, start, end):
        yield Traced(text[position : found.start()], position, found.start())
        position = found.end()
        if found["variable"]:
            yield Traced(found.group(), found.start(), position, (), ((0, len(found.group())),))
        else:
            sign = '"' if found["doubled"] else _SIGNS.get(found["sign"], found["sign"])
            yield _sign(sign, found.start(), position)
    yield Traced(text[position:end], position, end)


def _sign(sign: str, start: int, end: int) -> Traced:
    return Traced(sign, start, end, (Piece(0, start, end),))


def _command(text: str, words: list[Word], piped_from: Command | None, *, called: bool) -> Command:
    assignments = tuple(_assigned(text, words, called=called))
    if len(words) == 1 and text.startswith(_STRINGS, words[0].start):  # a text alone is written, as by echo
        words = [Word("echo", words[0].start, words[0].start), *words]
    target = _TARGET.match(text, words[0].start)
    if target:
        words = [word for word in words if word.start >= target.end()]
    return Command(tuple(words), assignments, None, piped_from, words[0].start if words else 0)


def _assigned(text: str, words: list[Word], *, called: bool) -> Iterator[Assignment]:
    """Texts only: a bare word is a command whose output is assigned."""
    if called and len(words) > 1:
        yield Assignment(words[0].text, words[1])
    elif target := _TARGET.match(text, words[0].start):
        if text.startswith(_STRINGS, target.end()):
            value = next(word for word in words if word.end > target.end())
            name = target["braced"] or target["name"] or target["key"]
            yield Assignment(name, value.part(max(0, target.end() - value.start)))  # of `$env:NAME="x"` the x
    elif words[0].text.lower() in _SETTING:
        named = [number for number, word in enumerate(words) if _ENVIRONMENT.fullmatch(word.text)]
        for number in named[:1]:
            values = [word for word in words[number + 1 :] if not word.text.startswith("-")]
            if values and (found := _ENVIRONMENT.fullmatch(words[number].text)):
                yield Assignment(found["name"], values[0])
