"""The way through a proxy."""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace

import pytest

from guides.registries.network import (
    Network,
    TlsFailed,
    Unreachable,
)
from guides.registries.proxies import proxy_for
from tests.guides.registries.conftest import World
from tests.services.answering import Answering, Canned
from tests.services.connect_proxy import ConnectProxy


class TestProxy:
    def test_a_tunnel(self, world: World) -> None:
        server = world.serve("registry.example", Canned(body=b"behind"))
        answer = world.network.send("GET", "https://registry.example/v2/", headers={"Authorization": "Basic eA=="})
        assert answer.body == b"behind"
        assert world.proxy.targets == ["registry.example:443"]
        assert "eA==" not in "".join(world.proxy.asked)
        assert server.requests[0].target == "/v2/"
        assert world.network.readers("https://registry.example/v2/") == ("registry.example",)

    def test_behind_the_proxy_tls_is_checked(self, world: World) -> None:
        world.serve("registry.example", Canned(), trusted=False)
        with pytest.raises(TlsFailed, match="signed by nobody"):
            world.network.send("GET", "https://registry.example/v2/")

    def test_its_login(self, world: World) -> None:
        word = secrets.token_urlsafe(8)
        world.serve("registry.example", Canned())
        world.proxy.authorization = "Basic " + _base64(f"us@er:{word}/x")
        network = world.with_environment({"HTTPS_PROXY": f"http://us%40er:{word}%2Fx@{world.proxy.host}"})
        assert network.send("GET", "https://registry.example/").status == 200
        with pytest.raises(Unreachable) as raised:
            world.with_environment({"HTTPS_PROXY": f"http://us:{word}@{world.proxy.host}"}).send(
                "GET", "https://registry.example/"
            )
        assert "proxy" in str(raised.value) and word not in str(raised.value)
        assert not raised.value.may_have_arrived
        assert word not in repr(proxy_for(network.environment, "https", "registry.example")) + repr(network)

    def test_a_host_that_it_does_not_reach(self, world: World) -> None:
        with pytest.raises(Unreachable, match="proxy"):
            world.network.send("GET", "https://elsewhere.example/")

    def test_no_proxy_there(self, network: Network) -> None:
        with Answering() as gone:
            host = gone.host
        dead = replace(network, environment={"HTTPS_PROXY": host})
        with pytest.raises(Unreachable, match="proxy"):
            dead.send("GET", "https://registry.example/")

    @pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://[::1", "nonsense://x"])
    def test_a_proxy_that_is_not_spoken_is_not_gone_around(self, network: Network, proxy: str) -> None:
        with pytest.raises(Unreachable, match="no http or https proxy"):
            replace(network, environment={"https_proxy": proxy}).send("GET", "https://registry.example/")

    def test_without_tls_the_proxy_reads_along(self, network: Network) -> None:
        with (
            Answering([Canned(body=b"plain")]) as server,
            ConnectProxy({"registry.example:5000": server.port}) as proxy,
        ):
            through = replace(
                network,
                environment={"http_proxy": f"http://{proxy.host}"},
                insecure=frozenset({"registry.example:5000"}),
            )
            assert through.send("GET", "http://registry.example:5000/v2/").body == b"plain"
            assert through.readers("http://registry.example:5000/v2/") == ("registry.example:5000", proxy.host)

    def test_this_machine_is_reached_directly(self, network: Network) -> None:
        with Answering([Canned()]) as server:
            assert (
                replace(network, environment={"ALL_PROXY": "http://127.0.0.1:1"}).send("GET", server.url).status == 200
            )

    @pytest.mark.parametrize(
        ("no_proxy", "host", "direct"),
        [
            ("", "r.example", False),
            ("*", "r.example", True),
            ("r.example", "r.example", True),
            ("r.example", "sub.r.example:5000", True),
            ("r.example", "other.example", False),
            ("r.example", "bar.example", False),
            (".r.example", "r.example", False),
            ("*.r.example", "sub.r.example", True),
            ("a.example, R.Example", "r.example", True),
            ("r.example:443", "r.example", True),
            ("r.example:443", "r.example:5000", False),
            ("10.0.0.0/8", "10.1.2.3:5000", True),
            ("10.0.0.0/8", "11.1.2.3:5000", False),
            ("10.0.0.0/8", "r.example", False),
            ("10.1.2.3", "10.1.2.3", True),
            ("10.1.2.3:5000", "10.1.2.3:5000", True),
            ("fd00::/8", "[fd00::1]:5000", True),
            ("fd00::1", "[fd00::1]", True),
            ("fd00::1", "[fd00::2]", False),
        ],
    )
    def test_no_proxy(self, no_proxy: str, host: str, direct: bool) -> None:
        environment = {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": no_proxy}
        assert (proxy_for(environment, "https", host) is None) == direct

    def test_which_variable(self) -> None:
        environment = {
            "HTTPS_PROXY": "capital.example:1",
            "https_proxy": "small.example:1",
            "ALL_PROXY": "all.example:1",
        }
        small = proxy_for(environment, "https", "r.example")
        other = proxy_for(environment, "http", "r.example")
        assert small and small.url == "http://small.example:1"
        assert other and other.url == "http://all.example:1"
        assert proxy_for({}, "https", "r.example") is None


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
