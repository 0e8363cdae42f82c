"""Container engines of nodes: containerd, k3s, rke2. Fields: see checks/formats/containerd_hosts.py."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.containerd_hosts import read_containerd_toml, read_k3s_registries
from checks.formats.located import Logins
from checks.model.use import Use
from checks.uses.references import held
from checks.uses.source import Source


def read_containerd(source: Source) -> Iterator[Use]:
    return _of_node(source, "containerd", read_containerd_toml(source.text), "systemctl restart containerd")


def read_k3s(source: Source) -> Iterator[Use]:
    return _of_node(source, "k3s", read_k3s_registries(source.text), "systemctl restart k3s (or rke2)")


def _of_node(source: Source, kind: str, read: Logins, restart: str) -> Iterator[Use]:
    for login in read.found:
        value = held(login.secret.text)
        yield source.use(
            kind,
            f"login of the node for {login.host}",
            login.secret.line,
            registry=login.host,
            username=login.username,
            value=value,
            update=f"in this file, then {restart}",
        )
