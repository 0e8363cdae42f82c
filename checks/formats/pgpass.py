"""PostgreSQL's password file, `host:port:database:user:password` a line. Rules: postgresql.org/docs, libpq-pgpass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.located import Located, Login, Logins

_FIELD = late.compile(r"(?P<value>[^:\\]*+(?>(?:\\.?[^:\\]*+)*))(?P<colon>:)?", re.DOTALL)
_ESCAPE = late.compile(r"\\(.)")


def read_pgpass(text: str) -> Logins:
    """A login for each line; a backslash keeps a colon or a backslash from being one."""
    return Logins(tuple(_logins(text)))


def _logins(text: str) -> Iterator[Login]:
    for number, whole in enumerate(text.split("\n"), 1):
        line = whole.removesuffix("\r")
        if line.startswith("#") or line.count(":") < 4:
            continue
        at, parts = 0, list[str]()
        while len(parts) < 4 and (match := _FIELD.match(line, at)) and match["colon"]:
            parts.append(_plain(match["value"]))
            at = match.end()
        last = _FIELD.match(line, at)
        password = _plain(last["value"]) if last and len(parts) == 4 else ""
        if password:
            host, _, database, user = parts
            secret = Located(password, number, at + 1, number)
            yield Login(f"{host}/{database}/{user}", secret, "" if host == "*" else host, user)


def _plain(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)
