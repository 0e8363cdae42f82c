"""Registry logins of containerd (`config.toml`, `hosts.toml`) and of k3s and rke2 (`registries.yaml`).

Fields: containerd's docs/cri/registry.md and docs/hosts.md; docs.k3s.io/installation/private-registry.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.http_headers import authorization_login
from checks.formats.located import Located, Login, Logins, basic_login, host_of
from checks.formats.toml_positions import TomlValue, values
from checks.formats.yaml_positions import Node, at, parse

_SECRETS = ("password", "auth", "identitytoken", "identity_token")


def read_containerd_toml(text: str) -> Logins:
    """The logins below `configs."host".auth` and `auths."url"`, and headers `authorization` of a host."""
    return Logins(tuple(_of_toml(list(values(text)))))


def read_k3s_registries(text: str) -> Logins:
    """The logins below `configs.<host>.auth`."""
    parsed = parse(text)
    found = tuple(login for document in parsed.documents for login in _of_yaml(document))
    return Logins(found, parsed.clause)


def _of_toml(found: list[TomlValue]) -> Iterator[Login]:
    users = {one.path[:-1]: one.value.text for one in found if one.path[-1] == "username"}
    for one in found:
        *above, name = one.path
        host = _host(above)
        if name in _SECRETS and host:
            yield from _login(f"{host}/{name}", name, one.value, host, users.get(tuple(above), ""))
        elif name.lower() == "authorization" and "header" in above:
            host = next((host_of(part) for part in above if "." in part or ":" in part), "")
            yield from authorization_login(one.value, f"{host}/header/{name}", host)


def _host(above: list[str]) -> str:
    """The name behind `configs` or `auths`, where these are containerd's."""
    for holder in ("configs", "auths"):
        if holder in above[:-1]:
            behind = above[above.index(holder) + 1 :]
            if behind[1:] == (["auth"] if holder == "configs" else []):
                return host_of(behind[0])
    return ""


def _of_yaml(root: Node) -> Iterator[Login]:
    configs = at(root, "configs")
    for entry in configs.members if configs else ():
        auth = at(entry.value, "auth")
        fields = {held.name: held.value.located for held in auth.members if held.value.text} if auth else {}
        user = fields.get("username")
        for name in _SECRETS:
            if value := fields.get(name):
                host = host_of(entry.name)
                yield from _login(f"configs/{entry.name}/{name}", name, value, host, user.text if user else "")


def _login(field: str, name: str, value: Located, host: str, username: str) -> Iterator[Login]:
    inside, secret = basic_login(value) if name == "auth" else ("", value)
    if secret.text:
        yield Login(field, secret, host, inside or username)
