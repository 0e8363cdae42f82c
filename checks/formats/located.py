"""Values with their place in a text: what the parsers of the tools' credential files give back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import unquote

from checks import late
from checks.formats.text_positions import Lines
from checks.formats.url_logins import login_in_url
from checks.model.token_kinds import kind_of

_TOKEN_AS_USER = late.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{0,20}://(?P<user>[^\s/?#:@]++)(?::(?:x-oauth-basic)?)?@(?P<host>[^\s/?#@]++)"
)


_URL = late.compile(r"""[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s"'<>]++""")


@dataclass(frozen=True, slots=True)
class Located:
    """A value as its tool reads it. `line` and `column` count from 1 and name where it starts as it is written."""

    text: str = field(repr=False)
    line: int
    column: int
    end_line: int

    def reading(self, text: str) -> Located:
        """The same place, its value decoded: base64 for example."""
        return replace(self, text=text)


class Setting(NamedTuple):
    """One `name = value`. `section` is empty where the format has none, or before the first."""

    section: str
    name: str
    value: Located


class Login(NamedTuple):
    """One secret of a file with what the file says of it."""

    field: str
    """What holds it, without a line number: `machine ghcr.io/password`."""
    secret: Located
    host: str = ""
    username: str = ""
    named: bool = False
    """Only the name before it speaks of a secret: whether it is one has still to be judged."""
    doubtful: bool = False
    """It may be something else, an encrypted value of an old form for example."""


class Logins(NamedTuple):
    """What a parser read: all up to where it had to stop, and why it did."""

    found: tuple[Login, ...] = ()
    problem: str = ""
    """A clause for people that quotes nothing of the file, or empty."""


Read = Callable[[str], Logins]


def located(lines: Lines, text: str, start: int, end: int) -> Located:
    """The value `text`, which is written between these two offsets."""
    line, column = lines.at(start)
    return Located(text, line, column, lines.at(max(end - 1, start))[0])


def last_by_name(settings: Iterable[Setting]) -> dict[str, dict[str, Located]]:
    """Sections of the settings by name; a later one of the same name counts, as it does for the tools."""
    sections: dict[str, dict[str, Located]] = {}
    for setting in settings:
        sections.setdefault(setting.section, {})[setting.name] = setting.value
    return sections


def host_of(address: str) -> str:
    """The host, with its port, of a URL or of what is written like one; user and path are left out."""
    _, slashes, rest = address.partition("//")
    return (rest if slashes else address).partition("/")[0].rpartition("@")[2]


def login_in(url: Located, name: str) -> Login | None:
    """The login that this URL holds, percent-decoded, or None. A token may stand alone where the user belongs."""
    token = _TOKEN_AS_USER.match(url.text)
    if token and kind_of(token["user"]):
        start, secret = token.start("user"), token["user"]
        return Login(name, Located(secret, url.line, url.column + start, url.line), token["host"])
    found = login_in_url(url.text)
    if not found:
        return None
    password = unquote(url.text[found.start : found.end], errors="surrogateescape")
    return Login(name, Located(password, url.line, url.column + found.start, url.line), found.host, found.username)


def logins_in(value: Located, name: str) -> Iterator[Login]:
    """The logins of all URLs of this value, which is written as it is read."""
    if "://" in value.text:
        for part in parts(value, (match.span() for match in _URL.finditer(value.text))):
            if login := login_in(part, name):
                yield login


def parts(value: Located, spans: Iterable[tuple[int, int]]) -> Iterator[Located]:
    """Parts of a value that is written as it is read: their places are counted on from the value's."""
    lines = Lines(value.text)
    for start, end in spans:
        line, column = lines.at(start)
        last, _ = lines.at(max(end - 1, start))
        before = value.line - 1
        yield Located(
            value.text[start:end], before + line, column + (value.column - 1 if line == 1 else 0), before + last
        )


def behind(value: Located, start: int) -> Located:
    """What follows these first characters of a value that is written as it is read."""
    return next(parts(value, [(start, len(value.text))]))


def basic_login(value: Located) -> tuple[str, Located]:
    """User and password of base64 of `user:password`. What is none stands as it is: it may be a reference."""
    plain = decoded(value)
    username, colon, password = plain.partition(":") if plain is not None else ("", "", "")
    return (username, value.reading(password)) if colon else ("", value)


def decoded(value: Located) -> str | None:
    """The text that this base64 stands for, padded or not, or None."""
    try:
        data = base64.b64decode(value.text + "=" * (-len(value.text) % 4), validate=True)
        return data.decode()
    except (binascii.Error, ValueError):
        return None
