"""Jenkins' `credentials.xml`. Jenkins encrypts what it saves: `{AQAA...}`; what a person wrote by hand is plain text.

Form of the encrypted values: hudson.util.Secret, `{` base64 of a version byte, lengths, IV and data `}`; until 2016
base64 of whole AES blocks, without braces.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import NamedTuple

from checks import late
from checks.formats.located import Login, Logins
from checks.formats.xml_positions import Element, parse

_SECRETS = frozenset(
    {"password", "secret", "secretBytes", "apiToken", "token", "passphrase", "privateKey", "secretKey", "clientSecret"}
)
_USERS = ("username", "accessKey", "clientId")
_ENCRYPTED = late.compile(r"\{[A-Za-z0-9+/\s]+={0,2}\s*\}")
_BLOCK = 16
"""Bytes of an AES block."""


class _Entry(NamedTuple):
    """A credential as Jenkins lists it: its id, else its description."""

    name: str
    username: str


def read_jenkins_credentials(text: str) -> Logins:
    """The secrets that are not encrypted, with the id of their entry."""
    parsed = parse(text)
    return Logins(tuple(_logins(parsed.root)) if parsed.root else (), parsed.problem)


def _logins(root: Element) -> Iterator[Login]:
    entries: dict[int, _Entry] = {}
    for path, element in root.walk():
        around = entries.get(id(element), _Entry("", ""))
        own = _entry(element)
        if own.name or not around.name:  # a key stands one level deeper than a password
            entries |= {id(child): own for child in element.children}
        else:
            entries |= {id(child): around for child in element.children}
        value = element.value
        if element.name not in _SECRETS or element.children or not value or _ENCRYPTED.fullmatch(value.text):
            continue
        field = "/".join((*path[-2:-1], around.name, element.name))
        yield Login(field, value, "", around.username, doubtful=_may_be_of_old_form(value.text))


def _entry(element: Element) -> _Entry:
    users = (element.text(name) for name in _USERS)
    return _Entry(element.text("id") or element.text("description"), next((user for user in users if user), ""))


def _may_be_of_old_form(value: str) -> bool:
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(data) >= _BLOCK and len(data) % _BLOCK == 0
