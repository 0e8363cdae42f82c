"""A whole move with everything real: docker login, the store, the command, and every client afterwards."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

import docker
import pytest

from checks.formats.docker_auth import read_auth_file
from guides.edits.credential_file import meaning
from guides.stores.catalog import find_store
from tests.end_to_end.command import dockhygiene, said
from tests.guides.edits.documents import spellings
from tests.guides.move.machine import fresh
from tests.services.docker_client import CLIENTS, docker_cli, login
from tests.services.dockerd import tiny_image
from tests.services.pass_store import running_pass_store
from tests.services.registry import basic_registry, token_registry
from tests.services.require import require
from tests.services.secret_service import running_secret_service
from tests.services.skopeo import POLICY

HELPERS = "golang-docker-credential-helpers"
SYSTEM_PATH = "/usr/bin:/bin"
STORES = ("pass", "secretservice", "dockhygiene")
WORD = f'{fresh()}:w"x y \u00fc\u20ac%'
"""What has broken clients: colon, quote, space, and more than ASCII."""


@dataclass
class Person:
    """Somebody at a workstation with one store."""

    home: Path
    store: str
    environ: dict[str, str]

    @property
    def path(self) -> str:
        return self.environ["PATH"]

    @property
    def config(self) -> Path:
        return self.home / ".docker/config.json"

    def docker(self, docker_host: str, client: str, *args: str) -> subprocess.CompletedProcess[str]:
        env = {name: value for name, value in self.environ.items() if name not in ("HOME", "PATH")}
        return docker_cli(self.home, *args, docker_host=docker_host, path=self.path, client=client, env=env)

    def skopeo(self, *args: str) -> subprocess.CompletedProcess[str]:
        policy = self.home / "policy.json"
        policy.write_text(POLICY)
        argv = [require("skopeo", "skopeo"), f"--policy={policy}", f"--tmpdir={self.home}", *args]
        return subprocess.run(argv, env=self.environ, capture_output=True, text=True, timeout=60, check=False)

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return dockhygiene(self.home, *args, env=self.environ)


@contextmanager
def person(store: str) -> Iterator[Person]:
    with ExitStack() as stack:
        if store != "dockhygiene":
            require(f"docker-credential-{store}", HELPERS)
        if store == "pass":
            environ = stack.enter_context(running_pass_store())
        else:
            environ = stack.enter_context(running_secret_service()).environ
        home, path = Path(environ["HOME"]), SYSTEM_PATH
        if store == "dockhygiene":
            (home / ".local/bin").mkdir(parents=True)
            path = f"{home}/.local/bin"  # no native helper is on it, so that ours may be installed
        yield Person(home, store, {**environ, "PATH": path})


@pytest.mark.parametrize("store", STORES)
def test_a_password(docker_host: str, store: str) -> None:
    with person(store) as someone, basic_registry({"alice": WORD}) as registry:
        assert login(someone.home, registry.host, "alice", WORD).returncode == 0
        there_and_back(someone, registry.host, docker_host, WORD)


@pytest.mark.parametrize("store", STORES)
def test_an_identity_token(docker_host: str, store: str) -> None:
    word = fresh()
    with person(store) as someone, token_registry({"alice": word}) as registry:
        assert login(someone.home, registry.host, "alice", word).returncode == 0
        (token,) = registry.tokens.refresh_tokens
        there_and_back(someone, registry.host, docker_host, token)
        assert any("refresh_token" in asked.fields for asked in registry.tokens.log)
        registry.tokens.revoke_refresh_tokens("alice")
        image = tiny_image(docker_host, f"{registry.host}/team/revoked:1")
        assert someone.docker(docker_host, CLIENTS[0], "push", image).returncode != 0


def there_and_back(someone: Person, host: str, docker_host: str, secret: str) -> None:
    before = someone.config.read_bytes()
    image = tiny_image(docker_host, f"{host}/team/{secrets.token_hex(4)}:1")
    assert docker_cli(someone.home, "push", image, docker_host=docker_host).returncode == 0

    moved = someone.run("move", "--all", "--yes", "--to", someone.store)
    assert moved.returncode == 0, said(moved)
    assert f"proven   {host}" in moved.stdout
    every_client_works(someone, image, docker_host)
    no_copy_is_left(someone, secret, moved)
    a_later_login_lands_in_the_store(someone)

    undone = someone.run("undo", "last", "--yes")
    assert undone.returncode == 0, said(undone)
    assert someone.config.read_bytes() == before
    assert meaning(read_auth_file(someone.config.read_bytes())) == meaning(read_auth_file(before))
    assert find_store(someone.store, someone.environ).get(host) is None
    for client in CLIENTS:  # from plain text: there is no helper on this PATH
        pulled = docker_cli(someone.home, "pull", image, docker_host=docker_host, client=client)
        assert pulled.returncode == 0, pulled.stderr


def every_client_works(someone: Person, image: str, docker_host: str) -> None:
    for number, client in enumerate(CLIENTS):
        other = f"{image}-{number}"
        for args in (("pull", image), ("tag", image, other), ("push", other)):
            done = someone.docker(docker_host, client, *args)
            assert done.returncode == 0, (client, args, done.stderr)
    by_docker_py(someone, image, docker_host)
    for args in (
        ("inspect", "--tls-verify=false", f"docker://{image}"),
        ("copy", "--src-tls-verify=false", "--dest-tls-verify=false", f"docker://{image}", f"docker://{image}-skopeo"),
    ):
        done = someone.skopeo(*args)
        assert done.returncode == 0, (args, done.stderr)


def by_docker_py(someone: Person, image: str, docker_host: str) -> None:
    """docker-py takes helpers and home folder from the environment of this process."""
    with patch.dict(os.environ, someone.environ):
        api = docker.APIClient(base_url=docker_host, version="auto")
        try:
            name, _, tag = image.rpartition(":")
            for said in (api.pull(name, tag=tag), api.push(name, tag=tag)):
                assert "error" not in said, said
        finally:
            api.close()


def no_copy_is_left(someone: Person, secret: str, moved: subprocess.CompletedProcess[str]) -> None:
    forms = spellings(secret) | {quote(secret), quote(secret, safe="")}
    assert not any(form in said(moved) for form in forms)
    looked = 0
    for path in someone.home.rglob("*"):
        if path.is_symlink() or not path.is_file() or path.suffix == ".keyring":
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        looked += 1
        assert not any(form in text for form in forms), path
    assert looked > 3


def a_later_login_lands_in_the_store(someone: Person) -> None:
    """With `credHelpers` alone a new registry's login would be plain text again."""
    word = fresh()
    with basic_registry({"carol": word}) as another:
        env = {name: value for name, value in someone.environ.items() if name not in ("HOME", "PATH")}
        moved = someone.config.read_bytes()
        assert login(someone.home, another.host, "carol", word, path=someone.path, env=env).returncode == 0
        assert word not in someone.config.read_text()
        store = find_store(someone.store, someone.environ)
        record = store.get(another.host)
        assert record is not None and record.username == "carol"
        assert (entry := read_auth_file(someone.config.read_bytes())).creds_store == someone.store
        assert not any(held.secrets for held in entry.entries)
        someone.config.write_bytes(moved)  # as it was, so that the move can be undone
        store.erase(another.host)
