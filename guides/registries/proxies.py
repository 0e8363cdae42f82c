"""Which proxy the environment names for a host: the variables that docker reads too."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import urllib3

from checks.formats.registry_names import is_loopback

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy without its login, which goes into `headers`."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def spoken(self) -> bool:
        """Whether it is of a kind that we speak: SOCKS is not."""
        return urlsplit(self.url).scheme in ("http", "https")


def proxy_for(environment: Mapping[str, str], scheme: str, netloc: str) -> Proxy | None:
    """The proxy for this host, or None. This machine is always reached directly. Small letters win over capitals."""
    if is_loopback(netloc):
        return None
    text = _variable(environment, f"{scheme}_proxy") or _variable(environment, "all_proxy")
    if not text or _bypassed(_variable(environment, "no_proxy"), scheme, netloc):
        return None
    return _proxy(text)


def _variable(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name) or environment.get(name.upper(), "")


def _proxy(text: str) -> Proxy | None:
    try:
        address = urlsplit(text if "://" in text else f"http://{text}")
        user, password = address.username, address.password
    except ValueError:
        return Proxy("unreadable:")  # going around a proxy that was asked for would be worse
    headers: Mapping[str, str] = {}
    if user:
        login = f"{unquote(user)}:{unquote(password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=login)
    return Proxy(f"{address.scheme}://{address.netloc.rpartition('@')[2]}", headers)


def _bypassed(no_proxy: str, scheme: str, netloc: str) -> bool:
    """NO_PROXY as Go reads it: `*`, names with their subdomains, `.only-subdomains`, addresses, networks, ports."""
    address = urlsplit(f"//{netloc}")
    host, port = (address.hostname or "").rstrip("."), address.port or _DEFAULT_PORTS.get(scheme)
    return any(_names(entry.strip().lower(), host, port) for entry in no_proxy.split(","))


def _names(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    name, colon, wanted = entry.rpartition(":")
    if colon and wanted.isdecimal() and _network(entry) is None:  # a port, and not the end of an IPv6 address
        if wanted != str(port):
            return False
        entry = name
    network = _network(entry.strip("[]"))
    if network:
        address = _address(host)
        return address is not None and address in network
    entry = entry.removeprefix("*")
    return bool(entry) and (host == entry or host.endswith(entry if entry.startswith(".") else f".{entry}"))


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
