"""The planted leaks are what real clients leave behind, and real clients use them."""

from __future__ import annotations

import base64
import json
import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.demo import made_up
from guides.demo.registry import DemoRegistry
from guides.demo.workstation import FORGOTTEN, DemoWorkstation, HomeNotEmpty, Login, build
from tests.services.docker_client import CLIENTS, docker_cli
from tests.services.dockerd import tiny_image
from tests.services.skopeo import skopeo_inspect


@pytest.fixture
def demo(home: Path) -> Iterator[DemoWorkstation]:
    word = made_up.password()
    with DemoRegistry({"mira": word}) as basic, DemoRegistry({"mira": made_up.password()}, "token") as token:
        identity = token.issue_identity_token("mira")
        yield build(home, Login(basic.host, "mira", word), Login(token.host, "mira", identity))


def test_every_file_is_json_and_holds_what_was_planted(demo: DemoWorkstation) -> None:
    for planted in demo.planted:
        text = planted.path.read_text()
        json.loads(text)
        pair = base64.b64encode(f"{planted.username}:{planted.secret.reveal()}".encode()).decode()
        assert planted.secret.reveal() in text or pair in text, planted.what
    assert {path.relative_to(demo.home).as_posix() for path in demo.home.rglob("*") if path.is_file()} == {
        ".docker/config.json",
        ".docker/config.json.bak",
        ".docker/config.json123456789",
        ".config/containers/auth.json",
        ".dockercfg",
    }


def test_only_one_file_is_open_to_others(demo: DemoWorkstation) -> None:
    assert demo.readable_by_others == (demo.home / ".docker/config.json.bak",)
    for path in (demo.home, *demo.home.rglob("*")):
        private = 0o700 if path.is_dir() else 0o600
        assert path.stat().st_mode & 0o777 == (0o644 if path in demo.readable_by_others else private)


def test_secrets_are_new_recognisable_and_unprinted(demo: DemoWorkstation) -> None:
    kinds = {planted.secret.kind for planted in demo.planted}
    assert {"docker-hub-pat", "github-pat", "password"} <= kinds
    assert made_up.docker_hub_token() != made_up.docker_hub_token()
    token = made_up.github_classic_token().reveal()
    number = 0
    for digit in token[-6:]:
        number = number * 62 + made_up.LETTERS.index(digit)
    assert number == zlib.crc32(token[4:-6].encode())
    for planted in demo.planted:
        assert planted.secret.reveal() not in repr(demo)


@pytest.mark.parametrize("client", CLIENTS)
def test_docker_uses_what_was_planted(demo: DemoWorkstation, docker_host: str, client: str) -> None:
    registries = {planted.registry for planted in demo.planted if planted.real}
    assert len(registries) == 2
    for host in registries:
        image = tiny_image(docker_host, f"{host}/{secrets.token_hex(4)}:1")
        pushed = docker_cli(demo.home, "push", image, docker_host=docker_host, client=client)
        assert pushed.returncode == 0, pushed.stderr
        seen = skopeo_inspect(demo.home, image)
        assert seen.returncode == 0, seen.stderr
        assert docker_cli(demo.home, "rmi", image, docker_host=docker_host).returncode == 0


def test_the_environment_leads_to_the_demo_only(demo: DemoWorkstation) -> None:
    given = dict.fromkeys(FORGOTTEN, "mine") | {"HOME": "/home/mine", "PATH": "/bin", "LANG": "C"}
    changed = demo.environment_from(given)
    assert "mine" not in "".join(changed.values())
    assert changed["PATH"] == f"{demo.home}/.local/bin:/bin"
    assert changed["LANG"] == "C"
    assert all(Path(value).is_relative_to(demo.home) for value in demo.environment.values())


def test_a_home_in_use_is_left_alone(home: Path, tmp_path: Path) -> None:
    login = Login("127.0.0.1:1", "mira", Secret(secrets.token_hex(8)))
    kept = home / "kept"
    kept.write_text("mine")
    with pytest.raises(HomeNotEmpty):
        build(home, login, login)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HomeNotEmpty):
        build(link, login, login)
    assert list(home.iterdir()) == [kept]
