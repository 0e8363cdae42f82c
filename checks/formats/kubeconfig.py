"""kubectl's kubeconfig: `users[].user` holds tokens, passwords and keys.

Fields: kubernetes.io/docs/reference/config-api/kubeconfig.v1. Embedded certificates are public.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Login, Logins, host_of
from checks.formats.yaml_positions import Node, at, parse, text_at

_SECRETS = ("token", "password", "client-key-data")
_PROVIDER_SECRETS = ("access-token", "refresh-token", "id-token", "client-secret")


def read_kubeconfig(text: str) -> Logins:
    """The secrets of each user, with the host of the cluster that a context joins it to."""
    parsed = parse(text)
    found = tuple(login for document in parsed.documents for login in _logins(document))
    return Logins(found, parsed.clause)


def _logins(root: Node) -> Iterator[Login]:
    hosts = _hosts(root)
    for entry in _items(root, "users"):
        name, user = text_at(entry, "name"), at(entry, "user")
        username, host = text_at(user, "username"), hosts.get(name, "")
        for field in _SECRETS:
            yield from _login(user, (field,), name, host, username)
        for field in _PROVIDER_SECRETS:
            yield from _login(user, ("auth-provider", "config", field), name, host, username)
        for variable in _items(at(user, "exec"), "env"):
            value = at(variable, "value")
            if value and value.kind == "scalar":
                field = f"users/{name}/exec/env/{text_at(variable, 'name')}"
                yield Login(field, value.located, host, username, named=True)


def _login(user: Node | None, path: tuple[str, ...], name: str, host: str, username: str) -> Iterator[Login]:
    value = at(user, *path)
    if value and value.kind == "scalar" and value.text:
        yield Login(f"users/{name}/{'/'.join(path)}", value.located, host, username)


def _hosts(root: Node) -> dict[str, str]:
    """Names of users to the hosts of their clusters."""
    servers = {text_at(entry, "name"): text_at(entry, "cluster", "server") for entry in _items(root, "clusters")}
    contexts = [at(entry, "context") for entry in _items(root, "contexts")]
    return {text_at(one, "user"): host_of(servers.get(text_at(one, "cluster"), "")) for one in contexts}


def _items(node: Node | None, name: str) -> tuple[Node, ...]:
    found = at(node, name)
    return found.items if found else ()
