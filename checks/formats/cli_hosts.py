"""The host files of gh (`hosts.yml`), glab (`config.yml`) and hub (`~/.config/hub`): hosts, users and tokens."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Login, Logins
from checks.formats.yaml_positions import Member, Node, at, parse, text_at

_TOKENS = ("oauth_token", "token", "job_token", "oauth2_refresh_token")


def read_cli_hosts(text: str) -> Logins:
    """A login for each token. glab keeps its hosts below `hosts`, hub keeps a list of users for each."""
    parsed = parse(text)
    found = tuple(login for document in parsed.documents for login in _logins(document))
    return Logins(found, parsed.clause)


def _logins(root: Node) -> Iterator[Login]:
    below = at(root, "hosts")
    for host in (below or root).members:
        yield from _tokens(host.name, host.value, "")
        for item in host.value.items:  # hub
            yield from _tokens(host.name, item, "")
        users = at(host.value, "users")  # gh since 2.40
        for user in users.members if users else ():
            yield from _tokens(host.name, user.value, user.name)


def _tokens(host: str, node: Node, username: str) -> Iterator[Login]:
    username = username or text_at(node, "user") or text_at(node, "username")
    for held in node.members:
        if held.name in _TOKENS and held.value.kind == "scalar" and held.value.text:
            yield Login(_field(host, username, held), held.value.located, host, username)


def _field(host: str, username: str, held: Member) -> str:
    return "/".join(part for part in (host, username, held.name) if part)
