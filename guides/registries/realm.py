"""Where a token service may be: the host that a registry names is a stranger's word, and it gets the secret.

Rules (go-containerregistry checks the same): https, http only where the registry itself is reached so; no user info;
no private, link-local or metadata address unless the registry is there itself; and another host than the registry's
only where it is known to belong to it or the person agreed.

An address is judged as it is written. A name is not resolved here: it would be resolved again for the connection, and
may then lead elsewhere (DNS rebinding), or be resolved by the proxy alone. What holds instead is TLS: whoever is
behind the name must hold a certificate for it before anything is sent, so a name that leads into the local network
gets nothing there. Not covered are names below http, which only this machine and hosts that the daemon declares
insecure may use, and a service of the local network that does hold a certificate for the name.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from checks.formats.display import printable
from checks.formats.registry_names import HUB_CONTAINERS_NAME, is_loopback, registry_of
from guides.registries.network import AddressRefused, Network, take_apart

HUB_HOST = "registry-1.docker.io"
"""Where Docker Hub's registry answers."""
KNOWN_REALMS = {HUB_CONTAINERS_NAME: ("auth.docker.io",), "registry.gitlab.com": ("gitlab.com",)}
"""Registry to the hosts of its token service, where that is another one (observed; docs/sources.md)."""

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_NUMBERS = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)")
_METADATA = frozenset({"metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"})
_LONGEST = 2048
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Realm:
    """A token service that a secret may be sent to."""

    url: str
    host: str
    """With the port, unless it is the usual one."""


class RealmRefused(Exception):
    """The registry names a token service that nothing is sent to. The message says why."""

    def __init__(self, reason: str, host: str = "") -> None:
        super().__init__(reason)
        self.host = host
        """The host that the person may agree to; empty where no consent helps."""


def registry_host(registry: str) -> str:
    """Host and port that the protocol is spoken with. Raises ValueError for what is no registry's name."""
    name = registry_of(registry)
    host = HUB_HOST if name == HUB_CONTAINERS_NAME else name
    if not _HOST.fullmatch(host):
        raise ValueError(f"{printable(registry, 80)} is no name of a registry")
    return host


def destinations(registry: str) -> tuple[str, ...]:
    """The hosts that would see a secret of this registry, as far as is known without asking: the registry first.

    A registry may name a token service of its own, on its own host or, with the person's consent only, elsewhere;
    `Verification.hosts` says afterwards who saw it. Raises ValueError for what is no registry's name.
    """
    return (registry_host(registry), *KNOWN_REALMS.get(registry_of(registry), ()))


def check_realm(text: str, registry: str, base: str, network: Network, allowed: Collection[str]) -> Realm:
    """The realm of a challenge that came from `base`, the registry's own address. Raises RealmRefused.

    `allowed`: hosts that the provider is known for, or that the person agreed to.
    """
    try:
        address = take_apart(text[:_LONGEST])
    except AddressRefused:
        raise RealmRefused("the registry names a token service whose address cannot be used") from None
    name = (address.hostname or "").rstrip(".")
    host = address.netloc.lower().removesuffix(_DEFAULT_PORTS[address.scheme])
    shown = printable(host, 80)
    own = urlsplit(base)
    if address.scheme == "http" and not (own.scheme == "http" and network.plain_allowed(address.netloc)):
        raise RealmRefused(f"the registry names the token service {shown}, which is reached without encryption")
    if name == (own.hostname or "").rstrip("."):
        return Realm(text, host)
    if _is_inside(name):
        raise RealmRefused(f"the registry names the token service {shown}, an address inside this network")
    if host not in {one.lower() for one in (*KNOWN_REALMS.get(registry_of(registry), ()), *allowed)}:
        raise RealmRefused(f"the registry names the token service {shown}, which is not known to belong to it", host)
    return Realm(text, host)


def _is_inside(name: str) -> bool:
    """Whether this is written as an address that the outside does not have, or as one that clouds keep for secrets."""
    if name in _METADATA or is_loopback(name):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return bool(_NUMBERS.fullmatch(name))  # 2130706433, 0x7f.1: addresses to the system, in no usual form
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    return not address.is_global
