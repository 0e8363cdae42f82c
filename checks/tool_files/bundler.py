"""Bundler's `.bundle/config`: `BUNDLE_GEMS__EXAMPLE__COM: "user:password"`. Rules: bundle-config(1)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.leaves import Leaf, yaml_leaves
from checks.formats.located import Login, Logins, behind, logins_in

_PREFIX = "BUNDLE_"
_TOKENS = ("GITHUB__COM", "GITLAB__COM")
"""Hosts whose value is mostly a token alone."""


def read_bundler(text: str) -> Logins:
    """The logins of hosts, whose dots are written as two underscores and whose dashes as three."""
    read = yaml_leaves(text)
    return Logins(tuple(login for leaf in read.found for login in _logins(leaf)), read.problem)


def _logins(leaf: Leaf) -> Iterator[Login]:
    name = leaf.names[-1] if leaf.names else ""
    inside = name.removeprefix(_PREFIX)
    if name == inside:
        return
    urls = list(logins_in(leaf.value, name))
    if urls or "__" not in inside:
        yield from urls
        return
    host = inside.replace("___", "-").replace("__", ".").lower()
    user, colon, password = leaf.value.text.partition(":")
    if colon and password and "/" not in user:
        yield Login(name, behind(leaf.value, len(user) + 1), host, user)
    elif inside in _TOKENS and leaf.value.text:
        yield Login(name, leaf.value, host)
