"""The real servers and clients that other tests build on do what those tests take for granted."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

import pytest

from tests.services.docker_client import CLIENTS, client_path, docker_cli, login
from tests.services.dockerd import tiny_image
from tests.services.registry import basic_registry, token_registry
from tests.services.require import require
from tests.services.skopeo import skopeo_copy, skopeo_inspect


def password() -> str:
    """Colons, quotes and spaces are legal in a password and have broken clients."""
    return f'{secrets.token_urlsafe(12)}:w"x y'


def stored(home: Path, host: str) -> dict[str, str]:
    entry = json.loads((home / ".docker/config.json").read_text())["auths"][host]
    assert isinstance(entry, dict)
    return entry


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def pushed(home: Path, host: str, docker_host: str, client: str) -> str:
    """Pushes an image of this test's own and pulls it again."""
    image = tiny_image(docker_host, f"{host}/team/{secrets.token_hex(4)}:1")
    for args in (("push", image), ("rmi", image), ("pull", image), ("rmi", image)):
        done = docker_cli(home, *args, docker_host=docker_host, client=client)
        assert done.returncode == 0, (args, done.stdout, done.stderr)
    return image


@pytest.mark.parametrize("client", CLIENTS)
def test_basic_login_push_pull_and_revocation(home: Path, docker_host: str, client: str) -> None:
    word = password()
    with basic_registry({"alice": word, "bob": "other"}) as registry:
        assert login(home, registry.host, "alice", "wrong", client=client).returncode != 0
        done = login(home, registry.host, "alice", word, client=client)
        assert done.returncode == 0, done.stderr
        assert base64.b64decode(stored(home, registry.host)["auth"]).decode() == f"alice:{word}"
        image = pushed(home, registry.host, docker_host, client)

        registry.set_users({"bob": "other"})
        refused = docker_cli(home, "pull", image, docker_host=docker_host, client=client)
        assert refused.returncode != 0
        assert login(home, registry.host, "alice", word, client=client).returncode != 0
        assert login(home, registry.host, "bob", "other", client=client).returncode == 0


@pytest.mark.parametrize("client", CLIENTS)
def test_token_login_gets_an_identity_token_that_can_be_revoked(home: Path, docker_host: str, client: str) -> None:
    word = password()
    with token_registry({"alice": word}) as registry:
        assert login(home, registry.host, "alice", "wrong", client=client).returncode != 0
        done = login(home, registry.host, "alice", word, client=client)
        assert done.returncode == 0, done.stderr
        entry = stored(home, registry.host)
        assert base64.b64decode(entry["auth"]) == b"alice:"
        assert registry.tokens.refresh_tokens == {entry["identitytoken"]: "alice"}
        image = pushed(home, registry.host, docker_host, client)
        assert any(seen.method == "POST" and "refresh_token" in seen.fields for seen in registry.tokens.log)

        registry.tokens.revoke_refresh_tokens("alice")
        refused = docker_cli(home, "pull", image, docker_host=docker_host, client=client)
        assert "invalid_grant" in refused.stderr


def test_token_registry_without_offline_tokens_or_oauth2(home: Path, docker_host: str) -> None:
    word = password()
    with token_registry({"alice": word}, offline_tokens=False, oauth2=False) as registry:
        assert login(home, registry.host, "alice", word).returncode == 0
        assert "identitytoken" not in stored(home, registry.host)
        pushed(home, registry.host, docker_host, CLIENTS[0])


def test_skopeo_uses_the_identity_token_and_sends_it_in_chunks(home: Path, docker_host: str) -> None:
    with token_registry({"alice": (word := password())}) as registry:
        login(home, registry.host, "alice", word)
        image = pushed(home, registry.host, docker_host, CLIENTS[0])
        seen = skopeo_inspect(home, image)
        assert seen.returncode == 0, seen.stderr
        assert [asked for asked in registry.tokens.log if asked.chunked and "refresh_token" in asked.fields]
        copied = skopeo_copy(home, f"docker://{image}", f"docker://{image}-copy")
        assert copied.returncode == 0, copied.stderr

        registry.tokens.revoke_refresh_tokens("alice")
        assert skopeo_inspect(home, image).returncode != 0


def test_what_the_token_server_remembers_has_no_values(home: Path) -> None:
    word = password()
    with token_registry({"alice": word}) as registry:
        login(home, registry.host, "alice", word)
        said = repr(registry.tokens.log) + repr(registry)
        assert "account" in said
        for value in (word, "alice", *registry.tokens.refresh_tokens):
            assert value not in said


def test_the_client_selects_no_store_by_itself(home: Path, tmp_path: Path) -> None:
    """The trap: with `pass` in sight an empty configuration selects it. Without a given path nothing is in sight."""
    helper = require("docker-credential-pass", "golang-docker-credential-helpers")
    trap = client_path(tmp_path, helper, require("pass", "pass"))
    word = password()
    with basic_registry({"alice": word}) as registry:
        assert login(home, registry.host, "alice", word, path=trap).returncode != 0
        assert login(home, registry.host, "alice", word).returncode == 0
        assert "credsStore" not in json.loads((home / ".docker/config.json").read_text())
