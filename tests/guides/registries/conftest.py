"""The way out of a workstation of our own, and names of the world that lead to loopback servers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from checks.files.state import StateFolder
from guides.registries.control import Control
from guides.registries.network import Network
from tests.services.answering import Answering, Canned
from tests.services.authority import Authority
from tests.services.connect_proxy import ConnectProxy


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """Without proxies, and patient for ten seconds."""
    home = tmp_path / "home"
    home.mkdir()
    return Network({"HOME": str(home)}, home, tmp_path / "root", total_seconds=10)


@pytest.fixture
def control(tmp_path: Path) -> Control:
    home = tmp_path / "state-home"
    home.mkdir()
    return Control(StateFolder.open({}, home))


class World:
    """Servers with names of the world: TLS, one authority in `certs.d`, and a proxy that leads to them."""

    def __init__(self, network: Network, folder: Path, stack: ExitStack) -> None:
        self.authority = Authority(folder / "authority")
        self.proxy = stack.enter_context(ConnectProxy({}))
        self._stack = stack
        self._plain = network
        self.network = replace(network, environment={**network.environment, "HTTPS_PROXY": f"http://{self.proxy.host}"})

    def serve(self, name: str, *answers: Canned, trusted: bool = True) -> Answering:
        """A server that everybody reaches as https://NAME."""
        server = self._stack.enter_context(Answering(answers, self.authority.server(name)))
        self.proxy.ports[f"{name}:443"] = server.port
        if trusted:
            self.authority.trust_in(self.network.root / "etc/docker/certs.d" / name)
        return server

    def with_environment(self, more: Mapping[str, str]) -> Network:
        return replace(self.network, environment={**self.network.environment, **more})


@pytest.fixture
def world(network: Network, tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        yield World(network, tmp_path, stack)
