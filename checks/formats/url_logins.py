"""`user:password@` in a URL."""

from __future__ import annotations

import re
from typing import NamedTuple

from checks import late
from checks.model.secret import Secret

_LOGIN = late.compile(
    r"""(?>(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20}://)?)
        (?P<user>[^\s/?\#:@]*+):(?P<password>[^\s/?\#]*)@(?P<host>[^\s/?\#@]++)""",
    re.VERBOSE,
)


class UrlLogin(NamedTuple):
    """The login that a URL holds, percent-decoded. `start` is where the password stands in the URL as written."""

    username: str
    secret: Secret
    host: str
    start: int
    end: int


def login_in_url(url: str) -> UrlLogin | None:
    """The login at the start of this URL, or None. A proxy may be written without its scheme."""
    match = _LOGIN.match(url)
    if not match or not match["password"]:
        return None
    from urllib.parse import unquote  # only for who has met a login

    username = unquote(match["user"], errors="surrogateescape")
    secret = Secret(unquote(match["password"], errors="surrogateescape"))
    return UrlLogin(username, secret, match["host"], match.start("password"), match.end("password"))


def without_login(name: str) -> str:
    """A name to be shown or kept: the password that a URL may hold is taken out."""
    login = login_in_url(name)
    return f"{name[: login.start]}...{name[login.end :]}" if login else name
