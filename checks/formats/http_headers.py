"""The secret in an HTTP header as tools keep it: RFC 7235 `Authorization: scheme credentials`, and named tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.located import Located, Login, basic_login, behind

_AUTHORIZATION = late.compile(r"\s*+(?P<name>[A-Za-z-]{1,40}+)\s*+:\s*+", re.ASCII)
_SCHEME = late.compile(r"\s*+(?P<scheme>[A-Za-z]{1,20}+)[ \t]++", re.ASCII)
_STANDARD = ("authorization", "proxy-authorization")


def header_login(header: Located, field: str, host: str) -> Iterator[Login]:
    """The login of `Name: value`. Of a header that is not one of HTTP's own, the name has still to be judged."""
    match = _AUTHORIZATION.match(header.text)
    if not match:
        return
    value = behind(header, match.end())
    if match["name"].lower() in _STANDARD:
        yield from authorization_login(value, field, host)
    elif value.text.strip():
        yield Login(f"{field}/{match['name']}", value, host, named=True)


def authorization_login(value: Located, field: str, host: str) -> Iterator[Login]:
    """The login of the value of `Authorization`: Basic is decoded, of every other scheme it is what follows."""
    match = _SCHEME.match(value.text)
    if not match:
        return
    inner = behind(value, match.end())
    username, secret = basic_login(inner) if match["scheme"].lower() == "basic" else ("", inner)
    if secret.text:
        yield Login(field, secret, host, username)
