"""The way out for a look that nobody watches: only hosts that were approved when the timer was installed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields

from checks.formats.display import printable
from guides.registries.network import MOST_BODY, AddressRefused, Answer, Network, take_apart


@dataclass(frozen=True)
class ApprovedNetwork(Network):
    """Refuses every other host before anything is sent, an anonymous question too."""

    approved: frozenset[str] = frozenset()
    """Hosts as they stand in an address, with a port where it is not the usual one."""

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most_body: int = MOST_BODY,
    ) -> Answer:
        host = take_apart(url).netloc.lower()
        if host not in self.approved:
            raise AddressRefused(f"{printable(host)} was not approved for looks without a person")
        return super().send(method, url, headers=headers, body=body, most_body=most_body)


def limited(network: Network, hosts: Collection[str]) -> ApprovedNetwork:
    """The same way out, to these hosts and no others."""
    held = {field.name: getattr(network, field.name) for field in fields(Network)}
    return ApprovedNetwork(**held, approved=frozenset(host.lower() for host in hosts))
