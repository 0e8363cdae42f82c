"""`pip.conf` and `pip.ini`: the URLs of indexes and proxies may hold a login."""

from __future__ import annotations

from checks.formats.ini import settings
from checks.formats.located import Logins, logins_in


def read_pip(text: str) -> Logins:
    """The logins of all URLs, several on a line too."""
    found = (logins_in(one.value, f"{one.section}/{one.name}") for one in settings(text))
    return Logins(tuple(login for logins in found for login in logins))
