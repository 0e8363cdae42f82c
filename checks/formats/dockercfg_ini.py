"""The ini-like `~/.dockercfg` of 2013: `auth = <base64>`, then `email = x`. docker-py still reads it."""

from __future__ import annotations

import re
from itertools import islice

from checks import late
from checks.formats.docker_auth import AuthEntry, AuthFile, EntrySecret, decode_auth
from checks.formats.json_positions import Node
from checks.formats.registry_names import HUB_SERVER
from checks.formats.text_positions import Lines

_SETTING = late.compile(r"^[ \t]*(?P<name>[A-Za-z]\w*)[ \t]*=[ \t]*(?P<value>[^\n]*)", re.MULTILINE)

_MOST = 100
"""Logins that are looked at: a real file has one."""


def is_dockercfg_ini(data: bytes) -> bool:
    """Whether the text starts with a setting, where the JSON form has its bracket."""
    match = _SETTING.search(data[:4096].decode("utf-8", "surrogateescape"))
    return bool(match) and data.lstrip()[:1] not in (b"{", b"[")


def read_dockercfg_ini(data: bytes) -> AuthFile:
    """The one login of the file, for Docker Hub: the form knows no other registry."""
    text = data.decode("utf-8", "surrogateescape")
    auths = (match for match in _SETTING.finditer(text) if match["name"].lower() == "auth")
    entries = tuple(_entry(match) for match in islice(auths, _MOST) if match["value"].strip())
    return AuthFile(text, Lines(text), None, entries, None, flat=True)


def _entry(match: re.Match[str]) -> AuthEntry:
    value = match["value"].rstrip()
    # A node covers the quotes of its string; here are none, so it is one character wider than the value.
    node = Node("string", match.start("value") - 1, match.start("value") + len(value) + 1, text=value)
    username, secret, problem = decode_auth(value)
    secrets = (EntrySecret("auth", secret, node),) if secret else ()
    return AuthEntry(HUB_SERVER, match.start("name"), node, username, secrets, problem)
