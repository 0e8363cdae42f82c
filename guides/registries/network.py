"""One request to a registry, and its answer: bounded in time and size, over TLS, never redirected.

A redirect would carry the `Authorization` header to a host that the person did not agree to, so a 3xx is an answer
like any other. The whole exchange, name resolution included, has one deadline: it runs in a thread of its own, which
is left behind when a server keeps it waiting.
"""

from __future__ import annotations

import ipaddress
import re
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from checks.formats.display import printable
from checks.formats.registry_names import is_loopback
from guides.registries.certificates import trust
from guides.registries.failures import (
    AddressRefused,
    CutOff,
    NetworkFailure,
    NoTls,
    PlainHttpRefused,
    TimedOut,
    TlsFailed,
    Unreachable,
    failure_of,
)
from guides.registries.proxies import Proxy, proxy_for

__all__ = [
    "AddressRefused",
    "Answer",
    "CutOff",
    "Network",
    "NetworkFailure",
    "NoTls",
    "PlainHttpRefused",
    "TimedOut",
    "TlsFailed",
    "Unreachable",
    "take_apart",
]

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
TOTAL_SECONDS = 20.0
MOST_BODY = 64 * 1024
CHUNK = 16 * 1024
AGENT = "dockhygiene"

_URL = re.compile(r"https?://[!$-;=?-\[\]_a-z~]+", re.ASCII)
"""Visible characters without those that two parsers may read differently: `\\`, `#`, quotes, angle brackets, braces."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered. Its body may hold a token, so it never shows in a repr."""

    status: int
    headers: urllib3.HTTPHeaderDict = field(repr=False)
    body: bytes = field(repr=False)
    cut: bool = False
    """Whether the body was longer than `most_body`, and is only its beginning."""

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def headers_named(self, name: str) -> list[str]:
        """Every header of this name, apart: several `WWW-Authenticate` are several offers."""
        return list(self.headers.getlist(name))


@dataclass(frozen=True)
class Network:
    """The way out of this workstation: its proxies, its certificates, and the hosts that may go without TLS."""

    environment: Mapping[str, str] = field(repr=False)
    home: Path
    root: Path = Path("/")
    """Where absolute system paths start; a test gives a folder of its own."""
    insecure: frozenset[str] = frozenset()
    """Hosts (with port) and networks (`10.0.0.0/8`) that the daemon's `insecure-registries` lets go without TLS."""
    total_seconds: float = TOTAL_SECONDS
    local_only: bool = False
    """The demo: its logins are made up, and must not fail at a real registry in the name of a user that may exist."""

    def plain_allowed(self, host: str) -> bool:
        """Whether this host, with its port, may be reached over http. A name is not resolved to find its network."""
        return is_loopback(host) or host in self.insecure or self._in_insecure_network(host)

    def _in_insecure_network(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(urlsplit(f"//{host}").hostname or "")
        except ValueError:
            return False
        return any(address in ipaddress.ip_network(one, strict=False) for one in self.insecure if "/" in one)

    def readers(self, url: str) -> tuple[str, ...]:
        """Hosts that can read what is sent to this address: without TLS its proxy is one of them."""
        address = urlsplit(url)
        proxy = proxy_for(self.environment, address.scheme, address.netloc) if address.scheme == "http" else None
        return (address.netloc, proxy.host) if proxy else (address.netloc,)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most_body: int = MOST_BODY,
    ) -> Answer:
        """Sends once and returns whatever was answered, a refusal too. Raises NetworkFailure, and never retries."""
        address = take_apart(url)
        if self.local_only and not is_loopback(address.netloc):
            raise AddressRefused(f"{printable(address.netloc)} is not on this machine, and the demo asks nobody else")
        if address.scheme != "https" and not self.plain_allowed(address.netloc):
            raise PlainHttpRefused(f"{printable(address.netloc)} would be reached without encryption: nothing was sent")
        exchange = _Exchange(self, method, url, {"User-Agent": AGENT, **(headers or {})}, body, most_body)
        return exchange.run()

    def certificate_folders(self, host: str) -> Iterator[Path]:
        """Where docker and podman look for this host's certificates."""
        config = Path(self.environment.get("XDG_CONFIG_HOME") or self.home / ".config")
        system = self.root / "etc"
        if "/" in host or host.startswith("."):
            return
        for base in (system / "docker", system / "containers", config / "docker", config / "containers"):
            yield base / "certs.d" / host


def take_apart(url: str) -> SplitResult:
    """The address, taken apart; raises AddressRefused for one that parsers may disagree about."""
    try:
        address = urlsplit(url)
        host, _ = address.hostname, address.port
    except ValueError:
        host = None
    if not host or not _URL.fullmatch(url):
        raise AddressRefused(f"{printable(url.partition('?')[0], 80)} is no address of a host: nothing was sent")
    if "@" in address.netloc:
        raise AddressRefused(f"an address of {printable(host)} names a user: nothing was sent")
    return address


class _Exchange:
    """One request in a thread that can be left behind."""

    def __init__(
        self, network: Network, method: str, url: str, headers: dict[str, str], body: bytes | None, most_body: int
    ) -> None:
        self.network = network
        self.method, self.url, self.headers, self.body, self.most_body = method, url, headers, body, most_body
        self.host = urlsplit(url).netloc
        self.deadline = time.monotonic() + network.total_seconds
        self.result: Answer | NetworkFailure | None = None

    def run(self) -> Answer:
        thread = threading.Thread(target=self._send, name="registry", daemon=True)
        thread.start()
        thread.join(self.network.total_seconds)
        if self.result is None:
            raise self._late()
        if isinstance(self.result, NetworkFailure):
            raise self.result
        return self.result

    def _late(self) -> TimedOut:
        return TimedOut(f"{printable(self.host)} did not answer within {self.network.total_seconds:g} seconds")

    def _send(self) -> None:
        try:
            with self._pool() as pool:
                self.result = self._answer(pool)
        except NetworkFailure as failure:
            self.result = failure
        except (HTTPError, HTTPException, OSError, ValueError) as error:  # ValueError: what a header cannot carry
            self.result = failure_of(self.host, error)

    def _pool(self) -> urllib3.PoolManager:
        address = urlsplit(self.url)
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        context: ssl.SSLContext | None = None
        if address.scheme == "https":
            context = trust(self.network.certificate_folders(address.netloc))
        proxy = proxy_for(self.network.environment, address.scheme, address.netloc)
        if proxy is None:
            return urllib3.PoolManager(timeout=timeout, retries=False, ssl_context=context)
        return _through(proxy, self.host, timeout, context)

    def _answer(self, pool: urllib3.PoolManager) -> Answer:
        response = pool.request(
            self.method, self.url, headers=self.headers, body=self.body, redirect=False, preload_content=False
        )
        try:
            body = bytearray()
            # What was packed although we asked for nothing packed stays so: nothing can unfold into gigabytes.
            while chunk := response.read1(CHUNK, decode_content=False):
                body += chunk
                if len(body) > self.most_body:
                    break
                if time.monotonic() > self.deadline:
                    raise self._late()
            cut = len(body) > self.most_body
            return Answer(response.status, response.headers, bytes(body[: self.most_body]), cut)
        finally:
            response.close()


def _through(proxy: Proxy, host: str, timeout: urllib3.Timeout, context: ssl.SSLContext | None) -> urllib3.PoolManager:
    if not proxy.spoken:
        raise Unreachable(f"the proxy for {printable(host)} is no http or https proxy: set HTTPS_PROXY or NO_PROXY")
    return urllib3.ProxyManager(
        proxy.url,
        proxy_headers=proxy.headers,
        proxy_ssl_context=trust(()),
        timeout=timeout,
        retries=False,
        ssl_context=context,
        use_forwarding_for_https=False,
    )
