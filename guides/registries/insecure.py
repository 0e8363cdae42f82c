"""Which registries the daemon of this workstation talks to without TLS, and the way out that follows from it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from checks.files.reading import NotRead, read_file
from checks.formats.docker_auth import members
from checks.formats.json_positions import parse
from checks.formats.registry_names import hostname_of
from checks.model.workstation import Workstation
from guides.registries.network import Network

_LIMIT = 256 * 1024
_SETTING = "insecure-registries"


def network_of(workstation: Workstation, *, local_only: bool = False) -> Network:
    """The way out of this workstation, with the hosts that its daemon reaches without TLS. `local_only`: the demo."""
    insecure = frozenset(insecure_registries(workstation))
    return Network(workstation.environment, workstation.home, workstation.root, insecure, local_only=local_only)


def insecure_registries(workstation: Workstation) -> Iterator[str]:
    """Hosts with their ports, and networks (`10.0.0.0/8`), as the daemon's files name them; with root and rootless.

    A file that cannot be read allows nothing: https is the answer wherever nobody said otherwise.
    """
    for path in (
        workstation.system("/etc/docker/daemon.json"),
        workstation.config_home / "docker" / "daemon.json",
    ):
        try:
            text = read_file(path, _LIMIT).data.decode("utf-8", "replace")
        except NotRead:
            continue
        parsed = parse(text)
        if parsed.problem:
            continue  # the daemon does not start with such a file
        for held in members(parsed.root, _SETTING):
            yield from (_named(item.text) for item in held.value.items if item.kind == "string")


def _named(text: str) -> str:
    """A network in its normal form, else the host: the daemon takes an address with a scheme, and drops that."""
    try:
        return str(ipaddress.ip_network(text, strict=False)) if "/" in text else text
    except ValueError:
        return hostname_of(text)
