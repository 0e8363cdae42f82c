"""`.condarc`: channels whose address holds a login or, behind `/t/`, a token (docs.conda.io, "Channels")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.leaves import Leaf, yaml_leaves
from checks.formats.located import Login, Logins, logins_in, parts

_TOKEN = late.compile(r"[a-z]{3,5}://(?P<host>[^\s/?#@]++)/t/(?P<token>[^\s/?#]++)", re.IGNORECASE)


def read_conda(text: str) -> Logins:
    """The logins and tokens of all addresses, and the key for uploads."""
    read = yaml_leaves(text)
    return Logins(tuple(login for leaf in read.found for login in _logins(leaf)), read.problem)


def _logins(leaf: Leaf) -> Iterator[Login]:
    field = "/".join(leaf.names)
    matches = list(_TOKEN.finditer(leaf.value.text))
    for match, token in zip(matches, parts(leaf.value, (one.span("token") for one in matches)), strict=True):
        yield Login(f"{field}/token", token, match["host"])
    yield from logins_in(leaf.value, field)
