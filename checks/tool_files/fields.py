"""A reader made of names: which values of a file are secrets, and which beside them are user and host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checks.formats.http_headers import header_login
from checks.formats.leaves import Leaf, ReadLeaves
from checks.formats.located import Login, Logins, host_of, logins_in

_ANY, _HOST, _USER = "*", "{host}", "{user}"


@dataclass(frozen=True, slots=True)
class Fields:
    """Reads one format by the names of its fields.

    A pattern is the end of a path: `token`, `auth/token`, `endpoints/{host}/token`. Case counts nothing, `*` stands
    for any name, `{host}` and `{user}` for a name that is one.
    """

    leaves: ReadLeaves
    secrets: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    """Names beside the secret that hold its user, the best one first."""
    hosts: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    """Patterns whose values are headers, `Authorization: Bearer ...`."""
    others: bool = False
    """Whether any other name may hold a secret, to be judged by its words."""
    host: str = ""
    """Where it is used when the file does not say."""

    def __call__(self, text: str) -> Logins:
        read = self.leaves(text)
        beside: dict[int, dict[str, str]] = {}
        for leaf in read.found:
            if leaf.names:
                beside.setdefault(leaf.holder, {})[leaf.names[-1].lower()] = leaf.value.text
        secrets, headers = _patterns(self.secrets), _patterns(self.headers)
        found: list[Login] = []
        for leaf in read.found:
            if leaf.names and leaf.value.text:
                field = "/".join(name for name in leaf.names if name)
                around = beside[leaf.holder]
                if (told := _told(leaf, headers)) is not None:
                    found += header_login(leaf.value, field, told.get(_HOST, ""))
                elif (told := _told(leaf, secrets)) is not None:
                    found.append(self._login(field, leaf, around, told))
                else:
                    found += self._other(field, leaf, around)
        return Logins(tuple(found), read.problem)

    def _login(self, field: str, leaf: Leaf, beside: dict[str, str], told: dict[str, str]) -> Login:
        user = told.get(_USER) or _first(beside, self.users)
        host = told.get(_HOST) or _first(beside, self.hosts) or self.host
        return Login(field, leaf.value, host_of(host), user)

    def _other(self, field: str, leaf: Leaf, beside: dict[str, str]) -> Iterator[Login]:
        """The logins in the URLs of any other value, or the value itself where its name may say what it is."""
        urls = list(logins_in(leaf.value, field))
        if urls or not self.others:
            yield from urls
        else:
            yield Login(field, leaf.value, host_of(_first(beside, self.hosts)), _first(beside, self.users), named=True)


def _patterns(written: tuple[str, ...]) -> list[list[str]]:
    return [pattern.lower().split("/") for pattern in written]


def _told(leaf: Leaf, patterns: list[list[str]]) -> dict[str, str] | None:
    """What the first pattern that fits tells of host and user, or None where none fits."""
    for pattern in patterns:
        names = leaf.names[-len(pattern) :]
        if len(names) == len(pattern) and all(map(_fits, pattern, names)):
            return {sign: name for sign, name in zip(pattern, names, strict=True) if sign in (_HOST, _USER)}
    return None


def _fits(sign: str, name: str) -> bool:
    return sign in (_ANY, _HOST, _USER) or sign == name.lower()


def _first(beside: dict[str, str], names: tuple[str, ...]) -> str:
    return next((beside[name] for name in names if beside.get(name)), "")
