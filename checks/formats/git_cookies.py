"""`.gitcookies`, the cookie file that git hands to curl: Gerrit's passwords. Columns: curl.se/docs/http-cookies."""

from __future__ import annotations

from checks.formats.located import Located, Login, Logins

_COLUMNS = 7
_HTTP_ONLY = "#HttpOnly_"


def read_git_cookies(text: str) -> Logins:
    """A login for each cookie; Gerrit's value is `git-user.example=secret`, kept whole as curl sends it."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        columns = line.rstrip("\r").removeprefix(_HTTP_ONLY).split("\t", _COLUMNS - 1)
        if len(columns) < _COLUMNS or columns[0].startswith("#") or not columns[-1].strip():
            continue
        value = columns[-1].strip()
        host = columns[0].lstrip(".")
        found.append(Login(f"{host}/{columns[5]}", Located(value, number, line.rfind(value) + 1, number), host))
    return Logins(tuple(found))
