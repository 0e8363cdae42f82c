"""Logins in an editor's swap file: binary, with the lines of the text somewhere in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from checks import late
from checks.formats.docker_auth import SECRET_FIELDS, AuthEntry, AuthFile, EntrySecret, decode_auth
from checks.formats.json_positions import Node
from checks.formats.text_positions import Lines
from checks.model.secret import Secret

_FIELD = late.compile(
    rf'"(?P<name>{"|".join(SECRET_FIELDS)})"[ \t]*:[ \t]*"(?P<value>[^"\\\x00-\x1f]{{1,65536}})"', re.IGNORECASE
)
_KEY = late.compile(r'"(?P<key>[^"\\\x00-\x1f]{1,255})"[ \t]*:[ \t]*\{')
_SETTINGS = frozenset({"auths", "credhelpers", "httpheaders", "proxies", "plugins", "aliases", "features"})
_MOST = 1000
"""Fields that are looked at: no credential file has more, and each looks around itself."""
_NEAR = 4096
"""Characters within which the name of a login's registry is looked for."""


def read_swap(data: bytes) -> AuthFile:
    """Every field of a login in these bytes, as an entry of its own. Lines count line feeds, as `grep -an` does."""
    text = data.decode("utf-8", "surrogateescape")
    return AuthFile(text, Lines(text), None, tuple(_entries(text)), None)


def _entries(text: str) -> Iterator[AuthEntry]:
    for match in islice(_FIELD.finditer(text), _MOST):
        field, value = match["name"].lower(), match["value"]
        node = Node("string", match.start("value") - 1, match.end("value") + 1, text=value)
        username, secret, _ = decode_auth(value) if field == "auth" else ("", Secret(value), "")
        if secret:
            yield AuthEntry(_key(text, match), match.start(), node, username, (EntrySecret(field, secret, node),))


def _key(text: str, match: re.Match[str]) -> str:
    """The registry: before the field in the same line, else behind it, since vim fills its blocks from the end."""
    line_start = max(text.rfind("\n", 0, match.start()), text.rfind("\0", max(0, match.start() - _NEAR), match.start()))
    start = max(line_start + 1, match.start() - _NEAR)
    same_line = [found["key"] for found in _KEY.finditer(text, start, match.start())]
    behind = [found["key"] for found in _KEY.finditer(text, match.end(), match.end() + _NEAR)]
    before = [found["key"] for found in _KEY.finditer(text, max(0, match.start() - _NEAR), match.start())]
    candidates = [*reversed(same_line), *(behind if "\0" in text else []), *reversed(before)]
    return next((key for key in candidates if key.lower() not in _SETTINGS), "")
