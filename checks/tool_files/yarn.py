"""`.yarnrc.yml` of Yarn 2 and later; names as in its manual, "Settings"."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Located, Login, Logins, basic_login, behind, host_of
from checks.formats.yaml_positions import Node, at, parse, text_at

_HOLDERS = ("npmRegistries", "npmScopes")


def read_yarn(text: str) -> Logins:
    """`npmAuthToken` and `npmAuthIdent` at the top, of each registry and of each scope."""
    parsed = parse(text)
    return Logins(tuple(login for root in parsed.documents for login in _logins(root)), parsed.clause)


def _logins(root: Node) -> Iterator[Login]:
    yield from _held(root, "", text_at(root, "npmRegistryServer"))
    for holder in _HOLDERS:
        held = at(root, holder)
        for entry in held.members if held else ():
            address = text_at(entry.value, "npmRegistryServer") or (entry.name if holder == "npmRegistries" else "")
            yield from _held(entry.value, f"{holder}/{entry.name}/", address)


def _held(node: Node, prefix: str, address: str) -> Iterator[Login]:
    host = host_of(address)
    if (token := at(node, "npmAuthToken")) and token.text:
        yield Login(f"{prefix}npmAuthToken", token.located, host)
    if (ident := at(node, "npmAuthIdent")) and ident.text:
        user, secret = _ident(ident.located)
        yield Login(f"{prefix}npmAuthIdent", secret, host, user)


def _ident(value: Located) -> tuple[str, Located]:
    """`user:password`, which may be in base64."""
    user, colon, _ = value.text.partition(":")
    if not colon or value.text.startswith("$"):
        return basic_login(value)
    return user, behind(value, len(user) + 1)
