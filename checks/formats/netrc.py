"""`.netrc`, `_netrc` and Emacs' `.authinfo`: words on one line or on many.

Rules: the GNU inetutils manual ("The .netrc file"), and curl's reading of quotes: outside of them a backslash is a
plain character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks import late
from checks.formats.located import Located, Login, Logins, located
from checks.formats.text_positions import Lines

_WORD = late.compile(
    r"""(?P<space>\s++)
      | "(?P<quoted>[^"\\\n]*+(?>(?:\\.[^"\\\n]*+)*))"
      | (?P<bare>\S++)""",
    re.VERBOSE,
)
_MACRO_END = late.compile(r"\n[ \t\r]*\n")
_ESCAPE = late.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_WITH_VALUE = frozenset({"login", "user", "password", "account", "port"})
_ANONYMOUS = frozenset({"anonymous", "ftp"})
"""Users whose password is an address, by custom: RFC 1635."""


@dataclass(slots=True)
class _Entry:
    host: str
    values: dict[str, Located] = field(default_factory=dict)

    def logins(self) -> Iterator[Login]:
        user = self.values.get("login") or self.values.get("user")
        username = user.text if user else ""
        holder = f"machine {self.host}" if self.host else "default"
        if username in _ANONYMOUS:
            return
        for name in ("password", "account"):
            if value := self.values.get(name):
                yield Login(f"{holder}/{name}", value, self.host, username)


def read_netrc(text: str) -> Logins:
    """The logins of every machine and of `default`, whose host is empty."""
    return Logins(tuple(login for entry in _entries(text) for login in entry.logins()))


def _entries(text: str) -> Iterator[_Entry]:
    words = _Words(text)
    entry = _Entry("")
    while match := words.next():
        word = words.text_of(match)
        if word.startswith("#"):
            words.skip_line()
        elif word in ("machine", "default"):
            yield entry
            host = words.next() if word == "machine" else None
            entry = _Entry(words.text_of(host) if host else "")
        elif word == "macdef":
            words.skip_macro()
        elif word in _WITH_VALUE and (value := words.next()):
            entry.values[word] = words.located(value)
    yield entry


class _Words:
    """The words of the text, with what only a word's reader knows: that a line or a macro is to be left out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.at = 0

    def next(self) -> re.Match[str] | None:
        while match := _WORD.match(self.text, self.at):
            self.at = match.end()
            if match.lastgroup != "space":
                return match
        return None

    def text_of(self, match: re.Match[str]) -> str:
        return match["bare"] or _ESCAPE.sub(_escaped, match["quoted"])

    def located(self, match: re.Match[str]) -> Located:
        kind = str(match.lastgroup)
        return located(self.lines, self.text_of(match), match.start(kind), match.end(kind))

    def skip_line(self) -> None:
        """Leaves out what follows on the line of the last word."""
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def skip_macro(self) -> None:
        """Leaves out a macro, which ends with an empty line."""
        end = _MACRO_END.search(self.text, self.at)
        self.at = end.end() if end else len(self.text)


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[1], match[1])
