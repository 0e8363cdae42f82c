"""curl's `.curlrc`: options, with or without their dashes. Rules: curl(1), `--config`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.http_headers import header_login
from checks.formats.located import Located, Login, Logins, behind, host_of, located, logins_in
from checks.formats.text_positions import Lines

_LINE = late.compile(
    r"""^[ \t]*+ (?P<dashes>-{0,2}) (?P<name>[A-Za-z0-9][A-Za-z0-9-]*+) [ \t]*+ (?:[=:][ \t]*+)?
        (?: "(?P<quoted>[^"\\\n]*+(?>(?:\\.[^"\\\n]*+)*))" | (?P<bare>[^\s]++[^\n]*+) )""",
    re.VERBOSE | re.MULTILINE,
)
_ESCAPE = late.compile(r"\\(.)")
_SIGNS = {"t": "\t", "n": "\n", "r": "\r", "v": "\v"}
_SHORT = {"u": "user", "U": "proxy-user", "H": "header"}
_LOGINS = ("user", "proxy-user")
_SECRETS = ("oauth2-bearer", "pass", "proxy-pass", "tlspassword", "proxy-tlspassword")


def read_curlrc(text: str) -> Logins:
    """Passwords of users, headers, tokens and passphrases. The host of a login is that of the `url` before it."""
    return Logins(tuple(_logins(text)))


def _logins(text: str) -> Iterator[Login]:
    lines, host = Lines(text), ""
    for match in _LINE.finditer(text):
        kind = "bare" if match["quoted"] is None else "quoted"
        value = match["bare"].rstrip() if kind == "bare" else _ESCAPE.sub(_sign, match["quoted"])
        name = _SHORT.get(match["name"], match["name"]) if len(match["dashes"]) < 2 else match["name"]
        found = located(lines, value, match.start(kind), match.start(kind) + max(len(value), 1))
        if name == "url":
            host = host_of(value)
        yield from _option(name, found, host)


def _option(name: str, value: Located, host: str) -> Iterator[Login]:
    if name in _LOGINS:
        user, colon, password = value.text.partition(":")
        if password:
            yield Login(name, behind(value, len(user) + len(colon)), host if name == "user" else "", user)
    elif name in ("header", "proxy-header"):
        yield from header_login(value, name, host)
    elif name in _SECRETS:
        yield Login(name, value, host)
    else:
        yield from logins_in(value, name)


def _sign(match: re.Match[str]) -> str:
    return _SIGNS.get(match[1], match[1])
