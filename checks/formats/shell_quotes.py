"""One word of a shell: quotes, escapes, expansions. Every look ahead is bounded, so that no text is slow to read."""

from __future__ import annotations

import re

from checks import late
from checks.formats.traced_text import TraceBuilder, Traced

_PLAIN = late.compile(r"""[^ \t\r\n\0\\'"`$;&|<>()]++""")
_ENDS = frozenset(" \t\r\n\0;&|<>()")
_SIMPLE_DOUBLE = late.compile(r'"[^"\\$`]*+"')
_IN_DOUBLE = late.compile(r"[^\\$`]++")
_VARIABLE = late.compile(r"\$(?:[A-Za-z_]\w*|[0-9@*#?$!-])", re.ASCII)
_DEFAULT = late.compile(
    r"""\$\{[A-Za-z_]\w{0,100}:?[-=](?:"(?P<double>[^"$`\\]{1,4000}+)"|'(?P<single>[^']{1,4000}+)'|(?P<plain>[^}$`'"\\{]{1,4000}+))\}""",
    re.ASCII,
)
_DEFAULT_IN_DOUBLE = late.compile(
    r"""\$\{[A-Za-z_]\w{0,100}:?[-=](?:"(?P<double>[^"$`\\]{1,4000}+)"|(?P<plain>[^}$`"\\{]{1,4000}+))\}""", re.ASCII
)
_ANSI_BODY = late.compile(r"[^'\\]*+(?>(?:\\.[^'\\]*+)*)'", re.DOTALL)
_ANSI_ESCAPE = late.compile(
    r"""\\(?:(?P<byte>(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3})(?>(?:\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}))*))
    | u(?P<short>[0-9A-Fa-f]{1,4}) | U(?P<long>[0-9A-Fa-f]{1,8}) | c(?P<control>.) | (?P<letter>.))""",
    re.DOTALL | re.VERBOSE,
)
_ANSI_LETTERS = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ANSI_SELF = frozenset("\\'\"?")
_FISH_ESCAPE = late.compile(r"\\(?P<itself>[\\'])")
_SPECIAL = late.compile(r"""\\|\$\(|\$\{|\$'|['"`(){}#]""")

LONGEST = 16 * 1024
"""Characters over which a quote may reach beyond its line; more is a quote that somebody forgot to close."""
PATIENCE = 32
"""How often an unclosed quote may cost a look beyond its line. Afterwards every quote ends with its line."""


class Quotes:
    """Reads words of one text. `patience` is shared by all that looks ahead for an end that may not come.

    `fish`: a backslash escapes within single quotes, and neither a back-quote nor `$'` is anything special.
    """

    def __init__(self, text: str, *, fish: bool = False) -> None:
        self.text = text
        self.fish = fish
        self.patience = PATIENCE
        self._line = (0, -1)

    def word(self, position: int) -> Traced:
        """The word that begins here; it always takes at least one character."""
        text, start = self.text, position
        plain = _PLAIN.match(text, position)
        if plain:
            position = plain.end()
            if position >= len(text) or (text[position] in _ENDS and not self._continues(position)):
                return Traced(plain.group(), start, position)
        builder = TraceBuilder(text)
        builder.copied(start, position)
        while position < len(text):
            plain = _PLAIN.match(text, position)
            if plain:
                builder.copied(position, plain.end())
                position = plain.end()
                continue
            char = text[position]
            if char in _ENDS:
                if position != start and not self._continues(position):
                    break
                close = self._closing(position + (1 if char == "(" else 2), ")", len(text))
                stop = max(close if close >= 0 else self.line_end(position), position + 1)
                builder.dynamic(position, stop)
                position = stop
            else:
                position = self._quoted(builder, position, char)
        return builder.done(start, position)

    def _continues(self, position: int) -> bool:
        """Whether a word goes on here: an array behind `NAME=`, or a process substitution glued to it."""
        pair = self.text[position : position + 2]
        return (pair[:1] == "(" or pair in ("<(", ">(")) and self.text[position - 1] == "="

    def _quoted(self, builder: TraceBuilder, position: int, char: str) -> int:
        if char == "'" and self.fish:
            return self._with_escapes(builder, position, position + 1, _FISH_ESCAPE)
        if char == "'":
            close = self.text.find("'", position + 1, self._limit(position))
            stop = close if close >= 0 else self._gave_up(position)
            builder.copied(position + 1, stop)
            return stop + 1 if close >= 0 else stop
        if char == '"':
            return self._double(builder, position)
        if char == "\\":
            stop = position + 2
            if self.text.startswith("\r\n", position + 1):
                return stop + 1
            if self.text.startswith("\n", position + 1):
                return stop
            stop = min(stop, len(self.text))
            builder.copied(min(position + 1, stop - 1), stop)
            return stop
        if char == "`" and self.fish:
            builder.copied(position, position + 1)
            return position + 1
        if char == "`":
            close = self._closing(position + 1, "`", len(self.text))
            stop = close if close >= 0 else self.line_end(position)
            builder.dynamic(position, stop)
            return stop
        return self._dollar(builder, position, len(self.text), in_double=False)

    def _double(self, builder: TraceBuilder, position: int) -> int:
        if simple := _SIMPLE_DOUBLE.match(self.text, position, self._limit(position)):
            builder.copied(position + 1, simple.end() - 1)
            return simple.end()
        close = self._closing(position + 1, '"', len(self.text))
        stop = close - 1 if close >= 0 else self.line_end(position)
        position += 1
        while position < stop:
            plain = _IN_DOUBLE.match(self.text, position, stop)
            if plain:
                builder.copied(position, plain.end())
                position = plain.end()
            elif self.text[position] == "\\":
                position = self._escape_in_double(builder, position, stop)
            elif self.text[position] == "$":
                position = self._dollar(builder, position, stop, in_double=True)
            elif self.fish:
                builder.copied(position, position + 1)
                position += 1
            else:
                end = self._closing(position + 1, "`", stop)
                builder.dynamic(position, end if end >= 0 else stop)
                position = end if end >= 0 else stop
        return close if close >= 0 else stop

    def _escape_in_double(self, builder: TraceBuilder, position: int, stop: int) -> int:
        escaped = self.text[position + 1 : position + 2]
        if escaped == "\n":
            return position + 2
        if escaped and escaped in '$`"\\':
            builder.copied(position + 1, position + 2)
            return position + 2
        builder.copied(position, min(position + 2, stop))
        return min(position + 2, stop)

    def _dollar(self, builder: TraceBuilder, position: int, stop: int, *, in_double: bool) -> int:
        following = self.text[position + 1 : position + 2]
        if following == "'" and not in_double and not self.fish:
            return self._with_escapes(builder, position, position + 2, _ANSI_ESCAPE)
        if following == '"' and not in_double:
            return self._double(builder, position + 1)
        if following == "{" and (default := (_DEFAULT_IN_DOUBLE if in_double else _DEFAULT).match(self.text, position)):
            name = default.lastgroup or ""
            builder.copied(*default.span(name))
            return default.end()
        if following and following in "({":
            end = self._closing(position + 2, ")" if following == "(" else "q" if in_double else "}", stop)
            end = end if end >= 0 else min(stop, self.line_end(position))
            builder.dynamic(position, end)
            return end
        if variable := _VARIABLE.match(self.text, position, stop):
            builder.dynamic(position, variable.end())
            return variable.end()
        builder.copied(position, position + 1)
        return position + 1

    def _with_escapes(self, builder: TraceBuilder, opened: int, position: int, escapes: re.Pattern[str]) -> int:
        """A single-quoted text in which a backslash escapes, its body at `position`."""
        body = _ANSI_BODY.match(self.text, position, self._limit(opened))
        stop = body.end() - 1 if body else self._gave_up(opened)
        for escape in escapes.finditer(self.text, position, stop):
            builder.copied(position, escape.start())
            builder.replaced(_unescaped(escape), escape.start(), escape.end())
            position = escape.end()
        builder.copied(position, stop)
        return stop + 1 if body else stop

    def _closing(self, position: int, closer: str, stop: int) -> int:
        """Where the construct that was opened before `position` ends, or -1: it is given up with its line.

        `q` is a brace inside double quotes, where a single quote is an ordinary character.
        """
        text, opened, limit = self.text, position, min(stop, self._limit(position))
        stack = [closer]
        while special := _SPECIAL.search(text, position, limit):
            token, position, top = special.group(), special.end(), stack[-1]
            if token == "\\":
                position += 1
            elif token == top or (token == "}" and top == "q"):
                stack.pop()
                if not stack:
                    return position
            elif top == "`":
                continue
            elif token in ("$(", "${", '"', "`"):
                stack.append({"$(": ")", "${": "q" if top == '"' else "}"}.get(token, token))
            elif top in ('"', "q"):
                continue
            elif token == "(" and top == ")":
                stack.append(")")
            elif token == "#" and top == ")" and text[position - 2] in " \t\n":
                position = self.line_end(position)
            elif token in ("'", "$'"):
                position = self._behind_quote(position, limit, ansi=token == "$'" or self.fish)
                if position < 0:
                    break
        self._gave_up(opened)
        return -1

    def _behind_quote(self, position: int, limit: int, *, ansi: bool) -> int:
        if ansi:
            body = _ANSI_BODY.match(self.text, position, limit)
            return body.end() if body else -1
        close = self.text.find("'", position, limit)
        return close + 1 if close >= 0 else -1

    def _limit(self, position: int) -> int:
        line_end = self.line_end(position)
        return max(line_end, min(position + LONGEST, len(self.text))) if self.patience else line_end

    def _gave_up(self, position: int) -> int:
        self.patience = max(self.patience - 1, 0)
        return self.line_end(position)

    def line_end(self, position: int) -> int:
        """Where the line of this position ends. Kept, as one line may be all of the text."""
        start, end = self._line
        if not start <= position <= end:
            end = self.text.find("\n", position)
            end = len(self.text) if end < 0 else end
            self._line = (position, end)
        return end


def _unescaped(escape: re.Match[str]) -> str:
    """One escape of `$'...'`; a row of byte escapes is one text, as they may be one character of UTF-8."""
    if "itself" in escape.re.groupindex:  # one of fish's
        return escape["itself"]
    if byte := escape["byte"]:
        codes = (part for part in byte.split("\\"))
        values = bytes(int(code[1:], 16) if code[0] == "x" else int(code, 8) & 0xFF for code in codes)
        return values.decode("utf-8", "surrogateescape")
    if number := escape["short"] or escape["long"]:
        code = int(number, 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    if control := escape["control"]:
        return chr(ord(control) & 0x1F)
    letter = escape["letter"]
    if letter in _ANSI_SELF:
        return letter
    return _ANSI_LETTERS.get(letter, "\\" + letter)
