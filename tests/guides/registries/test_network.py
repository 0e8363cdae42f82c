"""One request: what bounds it, whom it believes, which way it takes, and what it never says."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from guides.registries.failures import failure_of
from guides.registries.network import (
    AddressRefused,
    CutOff,
    Network,
    NoTls,
    PlainHttpRefused,
    TimedOut,
    TlsFailed,
    Unreachable,
)
from tests.guides.registries.conftest import World
from tests.services.answering import Answering, Canned, page
from tests.services.authority import Authority


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.mark.parametrize("status", [200, 204, 301, 307, 401, 404, 407, 413, 429, 500, 503, 599])
def test_every_status_is_an_answer_and_asked_for_once(network: Network, status: int) -> None:
    body = b"" if status == 204 else b"said"
    headers = (("Location", "http://127.0.0.1:1/elsewhere"), ("Retry-After", "0"), ("X-One", "1"), ("X-One", "2"))
    with Answering([Canned(status, body, headers)]) as server:
        answer = network.send("GET", f"{server.url}/v2/")
        assert (answer.status, answer.body, answer.cut) == (status, body, False)
        assert answer.headers_named("x-one") == ["1", "2"]
        assert answer.header("nowhere") == ""
        assert len(server.requests) == 1


def test_what_is_sent(network: Network) -> None:
    with Answering([Canned(), Canned()]) as server:
        network.send("POST", f"{server.url}/token", headers={"X-One": "1"}, body=b"a=b")
        network.send("HEAD", f"{server.url}/v2/?a=b%20c")
        first, second = server.requests
    assert (first.method, first.target, first.body, first.headers["x-one"]) == ("POST", "/token", b"a=b", "1")
    assert first.headers["user-agent"] == "dockhygiene"
    assert first.headers["accept-encoding"] == "identity"
    assert (second.method, second.target) == ("HEAD", "/v2/?a=b%20c")


def test_a_large_body_is_cut(network: Network) -> None:
    with Answering([Canned(body=b"x" * 1_000_000), Canned(body=b"x" * 64 * 1024), Canned(body=b"12345")]) as server:
        answer = network.send("GET", server.url)
        assert (len(answer.body), answer.cut) == (64 * 1024, True)
        assert not network.send("GET", server.url).cut
        short = network.send("GET", server.url, most_body=4)
        assert (short.body, short.cut) == (b"1234", True)


def test_what_is_packed_stays_packed(network: Network) -> None:
    with Answering([Canned(body=b"\x1f\x8bnot really", headers=(("Content-Encoding", "gzip"),))]) as server:
        assert network.send("GET", server.url).body == b"\x1f\x8bnot really"


def test_a_body_in_chunks(network: Network) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with Answering([Canned(raw=head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), Canned(raw=head + b"9\r\nabc")]) as server:
        assert network.send("GET", server.url).body == b"abcde"
        with pytest.raises(CutOff):
            network.send("GET", server.url)


@pytest.mark.parametrize("fault", [Canned(silent=True), Canned(drip=True)], ids=["silent", "drip"])
def test_a_server_that_keeps_us_waiting_is_left(network: Network, fault: Canned) -> None:
    with Answering([fault]) as server, pytest.raises(TimedOut) as raised:
        replace(network, total_seconds=0.3).send("GET", server.url)
    assert server.host in str(raised.value) and raised.value.may_have_arrived


MANY = b"".join(b"X-%d: 1\r\n" % number for number in range(500))
CUT_OFF = {
    "early": Canned(missing=10),
    "nothing": Canned(raw=b""),
    "no HTTP": Canned(raw=b"\x00\x01\x02 junk\r\n\r\n"),
    "many headers": Canned(raw=b"HTTP/1.1 200 OK\r\n" + MANY + b"\r\n"),
    "a long header": Canned(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"),
    "an odd status": Canned(raw=b"HTTP/1.1 9999999 What\r\n\r\n"),
}


@pytest.mark.parametrize("name", CUT_OFF)
def test_what_is_no_whole_answer(network: Network, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    with Answering([CUT_OFF[name]]) as server, pytest.raises(CutOff) as raised:
        network.send("GET", server.url)
    assert server.host in str(raised.value) and raised.value.may_have_arrived
    assert capfd.readouterr() == ("", "")


def test_malformed_headers_do_not_reach_the_screen(network: Network, capfd: pytest.CaptureFixture[str]) -> None:
    raw = b"HTTP/1.1 200 OK\r\nno colon here \x1b[2J\r\nX: 1\r\nContent-Length: 2\r\n\r\n{}"
    with Answering([Canned(raw=raw)]) as server:
        assert network.send("GET", server.url).status == 200
    assert capfd.readouterr() == ("", "")


def test_nothing_listens(network: Network) -> None:
    with Answering() as server:
        url = server.url
    with pytest.raises(Unreachable) as raised:
        network.send("GET", url)
    assert not raised.value.may_have_arrived


def test_names_that_are_no_folders(network: Network) -> None:
    assert not list(network.certificate_folders("..")) and not list(network.certificate_folders("a/b"))


def test_a_failure_that_has_no_name_of_its_own() -> None:
    failure = failure_of("registry.example", PermissionError(13, "a secret of the system"))
    assert isinstance(failure, Unreachable) and "secret" not in str(failure)


def test_a_name_that_nobody_has(network: Network) -> None:
    with pytest.raises(Unreachable) as raised:
        network.send("GET", "https://registry.invalid/v2/")
    assert "has no address" in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://registry.example/v2/",
        "http://10.1.2.3:5000/",
        "http://127.0.0.1.example/",
        "http://localhost.example/",
        "http://registry.example:5001/",
    ],
)
def test_no_http_but_to_this_machine_and_what_is_declared(network: Network, url: str) -> None:
    declared = replace(network, insecure=frozenset({"registry.example:5000", "10.9.0.0/16"}))
    with pytest.raises(PlainHttpRefused):
        declared.send("GET", url)


def test_who_may_be_reached_plainly(network: Network) -> None:
    declared = replace(network, insecure=frozenset({"registry.example:5000", "10.9.0.0/16", "fd00::/8"}))
    for host in ("registry.example:5000", "10.9.3.4:5000", "[fd00::1]:5000", "127.0.0.9", "localhost:1", "[::1]:5"):
        assert declared.plain_allowed(host), host
    for host in ("registry.example", "10.8.0.1", "[fe00::1]", "", "a:b:c", "x.10.9.3.4"):
        assert not declared.plain_allowed(host), host


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "127.0.0.1/v2/",
        "https:///v2/",
        "https://user@registry.example/",
        "https://user:word@registry.example/",
        "https://127.0.0.1\\@registry.example/",
        "https://registry.example\t.evil/",
        "https://registry.example /",
        "https://registry.example:port/",
        "https://registry.example:99999/",
        "https://[::1/",
        "https://r\u00e9gistry.example/",
        "https://registry.example/#fragment",
        'https://registry.example/"',
    ],
)
def test_addresses_that_are_refused(network: Network, url: str) -> None:
    with pytest.raises(AddressRefused) as raised:
        network.send("GET", url)
    assert "word" not in str(raised.value)


def test_the_demo_asks_nobody_else(world: World) -> None:
    server = world.serve("registry.example", Canned())
    with Answering([Canned()]) as own:
        demo = replace(world.network, local_only=True)
        assert demo.send("GET", own.url).status == 200
        with pytest.raises(AddressRefused, match="demo"):
            demo.send("GET", "https://registry.example/")
    assert not server.requests and not world.proxy.asked


def test_a_header_that_would_become_two(network: Network) -> None:
    with Answering([Canned()]) as server:
        with pytest.raises(Unreachable):
            network.send("GET", server.url, headers={"Authorization": "Bearer a\r\nX-Evil: 1"})
        assert not server.requests


class TestTls:
    def test_a_certificate_that_nobody_signed(self, network: Network, authority: Authority) -> None:
        with Answering([Canned()], authority.server("127.0.0.1")) as server:
            with pytest.raises(TlsFailed) as raised:
                network.send("GET", server.url)
            assert not server.requests
        assert "signed by nobody" in str(raised.value) and not isinstance(raised.value, NoTls)

    @pytest.mark.parametrize("base", ["etc/docker", "etc/containers"])
    def test_an_authority_of_the_system(self, network: Network, authority: Authority, base: str) -> None:
        with Answering([Canned()], authority.server("127.0.0.1")) as server:
            authority.trust_in(network.root / base / "certs.d" / server.host)
            assert network.send("GET", server.url).status == 200

    @pytest.mark.parametrize("base", ["docker", "containers"])
    def test_an_authority_of_the_person(self, network: Network, authority: Authority, base: str) -> None:
        with Answering([Canned()], authority.server("127.0.0.1")) as server:
            authority.trust_in(network.home / ".config" / base / "certs.d" / server.host)
            assert network.send("GET", server.url).status == 200

    def test_an_authority_counts_for_its_host_alone(self, network: Network, authority: Authority) -> None:
        with Answering([Canned()], authority.server("127.0.0.1")) as server:
            authority.trust_in(network.root / "etc/docker/certs.d/127.0.0.1:1")
            with pytest.raises(TlsFailed):
                network.send("GET", server.url)

    def test_another_name_and_an_expired_one(self, network: Network, authority: Authority) -> None:
        for context, words in (
            (authority.server("other.example"), "another name"),
            (authority.server("127.0.0.1", expired=True), "has expired"),
        ):
            with Answering([Canned()], context) as server:
                authority.trust_in(network.root / "etc/docker/certs.d" / server.host)
                with pytest.raises(TlsFailed) as raised:
                    network.send("GET", server.url)
            assert words in str(raised.value)

    def test_no_tls_at_this_port(self, network: Network) -> None:
        raw = b"HTTP/1.1 400 Bad Request\r\n\r\n"
        with Answering([Canned()]) as closing, pytest.raises((NoTls, CutOff)):
            network.send("GET", f"https://{closing.host}/v2/")
        with Talking(raw) as talking, pytest.raises(NoTls):
            network.send("GET", f"https://{talking.host}/v2/")

    def test_our_own_certificate(self, network: Network, authority: Authority) -> None:
        ca = authority.trust_in(authority.folder)
        with Answering([Canned()], authority.server("127.0.0.1", client_authority=ca)) as server:
            folder = network.root / "etc/docker/certs.d" / server.host
            authority.trust_in(folder)
            cert, key = authority.issue("client", "alice")
            cert.rename(folder / "client.cert")
            key.rename(folder / "client.key")
            assert network.send("GET", server.url).status == 200

    def test_a_key_with_a_passphrase_asks_nobody(self, network: Network, authority: Authority) -> None:
        folder = network.root / "etc/docker/certs.d/127.0.0.1:1"
        folder.mkdir(parents=True)
        cert, key = authority.issue("client", "alice", passphrase=secrets.token_bytes(8).hex().encode())
        cert.rename(folder / "client.cert")
        key.rename(folder / "client.key")
        with pytest.raises(TlsFailed, match=r"client\.cert"):
            network.send("GET", "https://127.0.0.1:1/")

    @pytest.mark.parametrize("name", ["ca.crt", "client.cert"])
    def test_a_file_that_is_no_certificate(self, network: Network, name: str) -> None:
        folder = network.root / "etc/docker/certs.d/127.0.0.1:1"
        folder.mkdir(parents=True)
        (folder / name).write_text("none")
        with pytest.raises(TlsFailed, match=name):
            network.send("GET", "https://127.0.0.1:1/")

    def test_a_fifo_in_certs_d_hangs_nobody(self, network: Network) -> None:
        folder = network.root / "etc/docker/certs.d/127.0.0.1:1"
        folder.mkdir(parents=True)
        os.mkfifo(folder / "ca.crt")
        with pytest.raises(TlsFailed, match="FIFO"):
            network.send("GET", "https://127.0.0.1:1/")

    def test_the_session_keys_are_not_logged(
        self, network: Network, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
        with Answering([Canned()], authority.server("127.0.0.1")) as server:
            authority.trust_in(network.root / "etc/docker/certs.d" / server.host)
            network.send("GET", server.url)
        assert not (tmp_path / "keys").exists()


def test_no_secret_in_logs_and_reprs(network: Network, caplog: pytest.LogCaptureFixture) -> None:
    word = secrets.token_urlsafe(16)
    caplog.set_level(logging.DEBUG)
    with Answering([Canned(body=word.encode(), headers=(("X-Echo", word),)), page()]) as server:
        answer = network.send("POST", server.url, headers={"Authorization": f"Bearer {word}"}, body=word.encode())
        with pytest.raises(Unreachable) as raised:
            network.send("GET", f"http://{server.host}", headers={"Authorization": f"Bearer {word}\n"})
    assert word not in repr(answer) + caplog.text + repr(raised.value) + str(raised.value)
    assert raised.value.__cause__ is None


class Talking(Answering):
    """A server that answers in the clear to whatever it is sent, TLS included."""

    def __init__(self, said: bytes) -> None:
        super().__init__()
        self._said = said

    def _one(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(4096)
            connection.sendall(self._said)
