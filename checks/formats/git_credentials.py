"""`.git-credentials`, the file of `git credential-store`: one URL a line. Rules: gitcredentials-store(1)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Located, Login, Logins, login_in


def read_git_credentials(text: str) -> Logins:
    """A login for each URL that holds a password, percent-decoded as git does."""
    return Logins(tuple(_logins(text)))


def _logins(text: str) -> Iterator[Login]:
    for number, line in enumerate(text.split("\n"), 1):
        if "@" not in line:
            continue
        column = len(line) - len(line.lstrip()) + 1
        url = Located(line.strip(), number, column, number)
        if not url.text.startswith("#") and (login := login_in(url, "")):
            yield Login(f"{login.username}@{login.host}", login.secret, login.host, login.username)
