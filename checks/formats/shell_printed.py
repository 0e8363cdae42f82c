"""What `echo` and `printf` write, with positions: POSIX echo and printf, and bash's `-e`.

Whether echo itself knows escapes differs between shells; it is read as bash's does, which needs `-e`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checks import late
from checks.formats.traced_text import Piece, Traced, joined

_OPTION = late.compile("-[neE]+")
_IN_ECHO = late.compile(r"\\(?:0(?P<octal>[0-7]{0,3})|(?P<code>x[0-9A-Fa-f]{1,2}|.))", re.DOTALL)
_IN_PRINTF = late.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|(?P<code>x[0-9A-Fa-f]{1,2}|.))|%(?:(?P<percent>%)|[-+ #0]*[0-9.]*(?P<kind>[a-zA-Z]))",
    re.DOTALL,
)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}
_MOST_ROUNDS = 1000
"""How often a format is gone through for the arguments that are left."""


def printed(words: Sequence[Traced], program: str) -> Traced:
    """The whole output of `echo ...` or `printf FORMAT ...`; `words` are all of the command's."""
    arguments = list(words[1:])
    if program == "printf":
        arguments = arguments[1:] if arguments and arguments[0].text == "--" else arguments
        return joined(_formatted(arguments)) if arguments else Traced("", 0, 0)
    options = ""
    while arguments and _OPTION.fullmatch(arguments[0].text):
        options += arguments.pop(0).text
    return joined(_echoed(arguments, escapes=options.rfind("e") > options.rfind("E"), end="n" not in options))


def _echoed(arguments: list[Traced], *, escapes: bool, end: bool) -> Iterator[Traced]:
    for number, argument in enumerate(arguments):
        if number:
            yield _sign(" ", argument.start, argument.start)
        yield from _unescaped(argument, _IN_ECHO) if escapes else (argument,)
    if end and arguments:
        yield _sign("\n", arguments[-1].end, arguments[-1].end)


def _formatted(arguments: list[Traced]) -> Iterator[Traced]:
    """The format is used again as long as arguments are left."""
    pattern, *values = arguments
    for _ in range(_MOST_ROUNDS):
        left = len(values)
        position = 0
        for found in _IN_PRINTF.finditer(pattern.text):
            yield pattern.part(position, found.start())
            position = found.end()
            if kind := found["kind"]:
                value = values.pop(0) if values else None
                if value:
                    yield from _unescaped(value, _IN_ECHO) if kind == "b" else (value,)
            else:
                yield _replaced(pattern, found)
        yield pattern.part(position)
        if not values or len(values) == left:
            return


def _unescaped(word: Traced, pattern: re.Pattern[str]) -> Iterator[Traced]:
    position = 0
    for found in pattern.finditer(word.text):
        yield word.part(position, found.start())
        yield _replaced(word, found)
        position = found.end()
    yield word.part(position)


def _replaced(word: Traced, found: re.Match[str]) -> Traced:
    octal, code = found["octal"], found["code"]
    if octal is not None:
        sign = chr(int(octal or "0", 8) & 0xFF)
    elif code is None:
        sign = "%"
    elif code[0] == "x" and len(code) > 1:
        sign = chr(int(code[1:], 16))
    else:
        sign = _LETTERS.get(code, code if code == "\\" else f"\\{code}")
    return _sign(sign, word.first(found.start()), word.last(found.end()))


def _sign(text: str, start: int, end: int) -> Traced:
    return Traced(text, start, end, (Piece(0, start, end),))
