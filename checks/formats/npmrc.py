"""npm's `.npmrc`: `name = value`, and `//host/path/:name = value` for one registry.

`_auth` is base64 of `user:password`, `_password` base64 of the password: npmrc(5).
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import (
    Located,
    Login,
    Logins,
    Setting,
    basic_login,
    decoded,
    host_of,
    last_by_name,
    logins_in,
)

_SECRETS = ("_authtoken", "_auth", "_password")


def read_npmrc(text: str) -> Logins:
    """The tokens and passwords of each registry, decoded, and the logins in the URLs of registries and proxies."""
    return Logins(tuple(_logins(list(_settings(text, "=")))))


def read_yarnrc(text: str) -> Logins:
    """The same of Yarn 1's `.yarnrc`, where a blank stands between name and value."""
    return Logins(tuple(_logins(list(_settings(text, " ")))))


def _settings(text: str, sign: str) -> Iterator[Setting]:
    """Settings whose section is the registry, without its slashes; the names are in lower case."""
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        cut = line.find(sign, len(line) - len(line.lstrip()))
        if not bare or bare[0] in "#;[" or cut < 0:
            continue
        behind = line[cut + 1 :]
        value = behind.strip()
        start = cut + 2 + len(behind) - len(behind.lstrip())
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value, start = value[1:-1], start + 1
        key = line[:cut].strip().strip("'\"")
        registry, colon, name = key.rpartition(":") if key.startswith("//") else ("", "", key)
        section = registry.strip("/") if colon else ""
        yield Setting(section, name.lower(), Located(value, number, start, number))


def _logins(settings: list[Setting]) -> Iterator[Login]:
    sections = last_by_name(settings)
    default = sections.get("", {}).get("registry")
    for setting in settings:
        values = sections[setting.section]
        host = host_of(setting.section or (default.text if default else ""))
        user = values.get("username")
        field = f"//{setting.section}/:{setting.name}" if setting.section else setting.name
        if setting.name in _SECRETS and setting.value.text:
            username, secret = _decoded(setting.name, setting.value)
            yield Login(field, secret, host, username or (user.text if user else ""))
        elif setting.name == "key" and "PRIVATE KEY" in setting.value.text:
            yield Login(field, setting.value, host)
        else:
            yield from logins_in(setting.value, field)


def _decoded(name: str, value: Located) -> tuple[str, Located]:
    """User and secret. What is no base64 stands as it is: a reference, or a mistake that shows the password."""
    if name == "_auth":
        return basic_login(value)
    plain = decoded(value) if name == "_password" else None
    return "", value if plain is None else value.reading(plain)
