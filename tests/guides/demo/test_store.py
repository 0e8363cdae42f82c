"""The stand-in helper speaks docker's protocol: shown by docker itself, and word by word."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from guides.demo.made_up import password
from guides.demo.registry import DemoRegistry
from guides.demo.store import NAME, NO_SERVER, NO_USERNAME, NOT_FOUND, DemoStore, SocketPathTooLong
from tests.services.docker_client import CLIENTS, client_path, docker_cli, login
from tests.services.skopeo import skopeo_inspect


@pytest.fixture
def store(home: Path) -> Iterator[DemoStore]:
    with DemoStore(home) as store:
        yield store


def call(store: DemoStore, *args: str, given: str = "") -> tuple[int, str]:
    done = subprocess.run([store.program, *args], input=given, capture_output=True, text=True, env={}, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


def put(store: DemoStore, server: str, username: str, secret: str) -> tuple[int, str]:
    return call(store, "store", given=json.dumps({"ServerURL": server, "Username": username, "Secret": secret}) + "\n")


@pytest.mark.parametrize("client", CLIENTS)
def test_docker_stores_finds_and_erases_through_it(home: Path, store: DemoStore, client: str, tmp_path: Path) -> None:
    word = password()
    path = client_path(tmp_path, str(store.program))
    config = home / ".docker/config.json"
    with DemoRegistry({"mira": word}) as basic, DemoRegistry({"mira": word}, "token") as token:
        config.parent.mkdir()
        config.write_text(json.dumps({"credHelpers": {basic.host: "demo", token.host: "demo"}}))
        for host in (basic.host, token.host):
            done = login(home, host, "mira", word.reveal(), path=path, client=client)
            assert done.returncode == 0, done.stderr
        assert word.reveal() not in config.read_text()
        assert (held := store.held(basic.host)) and (held.username, held.secret) == ("mira", word)
        assert (held := store.held(token.host)) and held.username == "<token>"
        assert call(store, "list") == (0, json.dumps({basic.host: "mira", token.host: "<token>"}))
        assert skopeo_inspect(home, f"{token.host}/none:1", path).returncode != 0
        assert (token.asked[-1].user, token.asked[-1].status) == ("mira", 404)

        assert docker_cli(home, "logout", basic.host, path=path, client=client).returncode == 0
        assert store.held(basic.host) is None


def test_word_by_word(store: DemoStore) -> None:
    secret = 'p:w"x y\u00e9/' + password().reveal()
    assert put(store, "r.example:5000", "mira", secret) == (0, "")
    status, said = call(store, "get", given="r.example:5000\n")
    assert (status, json.loads(said)) == (0, {"ServerURL": "r.example:5000", "Username": "mira", "Secret": secret})
    assert put(store, "r.example:5000", "zoe", "") == (0, "")
    assert call(store, "list", given="unused") == (0, '{"r.example:5000": "zoe"}')
    assert call(store, "erase", given="r.example:5000") == (0, "")
    assert call(store, "erase", given="r.example:5000") == (0, "")
    assert call(store, "get", given="r.example:5000") == (1, NOT_FOUND)
    assert call(store, "get", given=" \n") == (1, NO_SERVER)
    assert call(store, "erase") == (1, NO_SERVER)
    assert put(store, "", "mira", "x") == (1, NO_SERVER)
    assert put(store, "r.example", "", "x") == (1, NO_USERNAME)
    assert call(store, "store", given="[]")[0] == 1
    assert call(store, "store", given="{")[0] == 1
    assert call(store, "list") == (0, "{}")
    assert call(store)[0] == call(store, "steal")[0] == call(store, "get", "more")[0] == 1


def test_it_says_that_it_is_a_stand_in_and_ends_with_the_demo(home: Path) -> None:
    with DemoStore(home) as store:
        status, said = call(store, "version")
        assert status == 0
        assert said.startswith(NAME)
        assert "stand-in" in said
        put(store, "r.example", "mira", password().reveal())
        assert store.program.stat().st_mode & 0o777 == 0o700
        assert store.socket.stat().st_mode & 0o777 == 0o600
        kept = home / "kept"
        kept.write_text(store.program.read_text())
        kept.chmod(0o700)
    assert not store.program.exists()
    assert not store.socket.exists()
    assert store.held("r.example") is None
    done = subprocess.run([kept, "get"], input="r.example", capture_output=True, text=True, env={}, check=False)
    assert (done.returncode, done.stdout) == (1, "the dockhygiene demo has ended, and its store with it\n")


def test_a_home_too_deep_for_a_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SocketPathTooLong):
        DemoStore(tmp_path / ("deep" * 20)).start()
