from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import docker_leftovers
from checks.formats.editor_swap import read_swap
from checks.formats.plain_text_passwords import read_passwords
from checks.model.secret import Secret
from tests.checks.conftest import MakeWorkstation, encoded, random_password, random_token, seen, write

CONFIG_COPIES = [
    "config.json123456789",
    "config.json.bak",
    "config.json.bak2",
    "config.json.orig",
    "config.json.old",
    "config.json.save",
    "config.json~",
    "config.json.2024-01-01",
    "config (1).json",
    "config copy.json",
    "config_old.json",
    "config.bak",
    "Copy of config.json",
    "#config.json#",
    ".config.json.dockhygiene-1a2b",
]
AUTH_COPIES = ["auth.json.bak", "auth.json~", ".tmp-auth.json123", "auth (2).json"]
NO_COPIES = ["config.json", "configs.json", "config.toml", "daemon.json", ".#config.json", "features.json", "key.pem"]


def document(password: str) -> str:
    return json.dumps({"auths": {"ghcr.io": {"auth": encoded("ann", password)}}})


@pytest.mark.parametrize("name", CONFIG_COPIES)
def test_copies_in_the_docker_folder(name: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    password = random_password()
    path = write(tmp_path / "home/.docker" / name, document(password))
    found = seen(docker_leftovers.survey(workstation()))
    finding = found.one("login-in-leftover-copy")
    assert (finding.secret, finding.registry, finding.place.path) == (Secret(password), "ghcr.io", str(path))
    assert "rm ~/" in finding.advice
    assert docker_leftovers.claims(path)


@pytest.mark.parametrize("name", AUTH_COPIES)
def test_copies_of_podmans_file(name: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "home/.config/containers" / name, document(random_password()))
    assert seen(docker_leftovers.survey(workstation())).rules == ["login-in-leftover-copy"]
    assert docker_leftovers.claims(path)


@pytest.mark.parametrize("name", [".dockercfg.bak", ".dockercfg~", ".dockercfg.old"])
@pytest.mark.parametrize("ini", [True, False])
def test_copies_of_dockercfg(name: str, ini: bool, workstation: MakeWorkstation, tmp_path: Path) -> None:
    auth = encoded("ann", random_password())
    text = f"auth = {auth}\nemail = x\n" if ini else json.dumps({"h": {"auth": auth}})
    path = write(tmp_path / "home" / name, text)
    assert seen(docker_leftovers.survey(workstation())).rules == ["login-in-leftover-copy"]
    assert docker_leftovers.claims(path)


@pytest.mark.parametrize("name", NO_COPIES)
def test_other_files_are_left_alone(name: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "home/.docker" / name, document(random_password()))
    found = seen(docker_leftovers.survey(workstation()))
    assert (found.findings, found.looked) == ([], [])
    assert not docker_leftovers.claims(path)


def test_copies_elsewhere_are_not_claimed() -> None:
    assert not docker_leftovers.claims(Path("/project/config.json.bak"))
    assert not docker_leftovers.claims(Path("/project/auth.json.bak"))


def test_a_broken_copy_gives_its_secrets_and_no_complaint(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "home/.docker/config.json.bak", document(random_password())[:-1] + ",,")
    assert seen(docker_leftovers.survey(workstation())).rules == ["login-in-leftover-copy"]


def test_a_vim_swap_file(workstation: MakeWorkstation, tmp_path: Path) -> None:
    password, token = random_password(), random_token("", 40)
    lines = [b"}", b"  }", b'      "identitytoken": "%s"' % token.encode(), b'      "auth": "%s",']
    lines[3] %= encoded("ann", password).encode()
    lines += [b'    "quay.io": {', b'  "auths": {', b"{"]
    data = b"b0VIM 9.0\0\0" + bytes(range(256)) * 8 + b"\0".join(lines) + b"\0\xff\xfe"
    path = write(tmp_path / "home/.docker/.config.json.swp", data)
    assert docker_leftovers.claims(path)
    findings = seen(docker_leftovers.survey(workstation())).findings
    assert {finding.secret for finding in findings} == {Secret(password), Secret(token)}
    assert {finding.registry for finding in findings} == {"quay.io"}


@pytest.mark.parametrize(
    "make",
    [
        lambda p: {"https://index.docker.io/v1/": {"username": "ann", "secret": p}},
        lambda p: {"credentials": [{"ServerURL": "https://index.docker.io/v1/", "Username": "ann", "Secret": p}]},
        lambda p: {"https://index.docker.io/v1/": encoded("ann", p)},
        lambda p: {"auths": {"https://index.docker.io/v1/": {"auth": encoded("ann", p)}}},
    ],
)
def test_passwords_of_docker_desktop(make, workstation: MakeWorkstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    password = random_password()
    path = write(tmp_path / "home/.docker/plaintext-passwords.json", json.dumps(make(password)))
    assert docker_leftovers.claims(path)
    (finding,) = seen(docker_leftovers.survey(workstation())).findings
    assert (finding.secret, finding.username, finding.registry) == (Secret(password), "ann", "docker.io")


def test_what_cannot_be_read_is_skipped(workstation: MakeWorkstation, tmp_path: Path) -> None:
    (tmp_path / "home/.docker/config.json.bak").mkdir(parents=True)
    (tmp_path / "home/.docker/config.json.old").symlink_to("nowhere")
    assert len(seen(docker_leftovers.survey(workstation())).skipped) == 2


def test_the_advice_is_exact_for_odd_names(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "home/.docker/config.json.bak 1", document(random_password()))
    write(tmp_path / "home/.docker/config.json.bak\n2", document(random_password()))
    first, second = (finding.advice for finding in seen(docker_leftovers.survey(workstation())).findings)
    assert first.isprintable()
    assert second.isprintable()
    assert "rm ~/'.docker/config.json.bak 1'" in f"{first} {second}"


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    read_swap(data)
    read_passwords(data)


@pytest.mark.timeout(60)
def test_hostile_swap_files() -> None:
    for pattern in (b'"auth":"a:b"', b'"k":{', b'"auth":"', b'"', b'"auth"'):
        read_swap(pattern * (2**18 // len(pattern)))
        read_passwords(b"[" * 5000 + pattern * (2**18 // len(pattern)))
