"""`~/.gem/credentials`: `gem help signin`. Names are hosts, or keys of RubyGems' own."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Login, Logins, host_of
from checks.formats.yaml_positions import Node, parse


def read_gem(text: str) -> Logins:
    """An API key for each name of the file."""
    parsed = parse(text)
    return Logins(tuple(login for root in parsed.documents for login in _logins(root)), parsed.clause)


def _logins(root: Node) -> Iterator[Login]:
    for held in root.members:
        name = held.name.lstrip(":")
        if held.value.kind == "scalar" and held.value.text:
            host = host_of(name) if "." in name else ""
            yield Login(name, held.value.located, host)
