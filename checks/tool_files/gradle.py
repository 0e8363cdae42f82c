"""`gradle.properties`: the names alone say which property holds a secret."""

from __future__ import annotations

import re

from checks import late
from checks.formats.located import Login, Logins
from checks.formats.properties import settings

_PASSWORD_WORD = late.compile(r"(?:password|passwd|token|secret|key)\Z", re.IGNORECASE)
_USER_WORDS = ("Username", "User", "username", "user", "UserName", "Login")


def read_gradle(text: str) -> Logins:
    """Every property that has a value; `nexusPassword` takes its user from `nexusUsername`."""
    found = list(settings(text))
    values = {one.name: one.value.text for one in found}
    return Logins(
        tuple(Login(one.name, one.value, "", _user(one.name, values), named=True) for one in found if one.value.text)
    )


def _user(name: str, values: dict[str, str]) -> str:
    stem = _PASSWORD_WORD.sub("", name)
    if stem == name:
        return ""
    return next((values[stem + word] for word in _USER_WORDS if stem + word in values), "")
