"""Cargo's `credentials.toml`: doc.rust-lang.org/cargo/reference/config.html#credentials."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Login, Logins
from checks.formats.toml_positions import values

_SECRETS = ("token", "secret-key")


def read_cargo(text: str) -> Logins:
    """The token of the usual registry and of each named one, whose name stands for the host."""
    return Logins(tuple(_logins(text)))


def _logins(text: str) -> Iterator[Login]:
    for one in values(text):
        *above, name = one.path
        if name in _SECRETS and one.value.text:
            registry = above[1] if above[:1] == ["registries"] and len(above) > 1 else ""
            yield Login("/".join(one.path), one.value, registry)
