"""Maven's `settings.xml`: passwords of servers and proxies, and properties whose name speaks of a secret.

Elements: maven.apache.org/settings. What stands in braces is encrypted: maven.apache.org/guides/mini/guide-encryption.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from checks.formats.located import Login, Logins
from checks.formats.xml_positions import Element, parse

_SECRETS = ("password", "passphrase", "privateKey")
_HOLDERS = ("server", "proxy")


class _Holder(NamedTuple):
    """A server or a proxy."""

    kind: str
    id: str
    host: str
    username: str


def read_maven_settings(text: str) -> Logins:
    """The logins of servers, by their id, and of proxies, by their host; other elements by their name alone.

    `privateKey` is the path of a key, kept only where the key itself stands there.
    """
    parsed = parse(text)
    return Logins(tuple(_logins(parsed.root)) if parsed.root else (), parsed.problem)


def _logins(root: Element) -> Iterator[Login]:
    holders: dict[int, _Holder] = {}
    for path, element in root.walk():
        if element.name in _HOLDERS:
            holder = _Holder(element.name, element.text("id"), element.text("host"), element.text("username"))
            holders |= {id(child): holder for child in element.children}
        value, around = element.value, holders.get(id(element))
        if not value or element.children or is_encrypted(value.text):
            continue
        if not around:
            yield Login("/".join(path), value, named=True)
        elif element.name in _SECRETS and (element.name != "privateKey" or "PRIVATE KEY" in value.text):
            field = f"{around.kind}s/{around.id or around.host}/{element.name}"
            yield Login(field, value, around.host or around.id, around.username)


def is_encrypted(value: str) -> bool:
    """Whether the value holds braces that are not escaped: text around them is a comment to Maven."""
    start = value.find("{")
    return start >= 0 and not value.startswith("\\", max(start - 1, 0)) and value.find("}", start) > start + 1
