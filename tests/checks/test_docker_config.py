from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from checks import docker_config
from checks.formats.registry_names import HUB_SERVER
from checks.model.finding import Severity
from checks.model.secret import Secret
from tests.checks.conftest import MakeWorkstation, encoded, random_password, random_token, seen, write


def config(tmp_path: Path, text: str | bytes) -> Path:
    return write(tmp_path / "home/.docker/config.json", text)


def test_a_login_and_where_it_stands(workstation: MakeWorkstation, tmp_path: Path) -> None:
    token = random_token("dckr_pat_", 30)
    auth = encoded("ann", token)
    file = config(tmp_path, json.dumps({"auths": {HUB_SERVER: {"auth": auth}}}, indent=2))
    (finding,) = seen(docker_config.survey(workstation())).findings
    assert (finding.rule, finding.severity) == ("plain-text-login", Severity.CRITICAL)
    assert (finding.secret, finding.username, finding.registry) == (Secret(token), "ann", "docker.io")
    place = finding.place
    assert place.line and place.column
    assert file.read_text().splitlines()[place.line - 1][place.column - 1 :].startswith(auth)
    assert token not in repr(finding)


def test_docker_config_names_another_folder(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "other/config.json", json.dumps({"auths": {"h": {"auth": encoded("u", random_password())}}}))
    here = workstation({"DOCKER_CONFIG": str(tmp_path / "other")})
    assert seen(docker_config.survey(here)).rules == ["plain-text-login"]


@pytest.mark.parametrize("data", [b"", b"null", b"{}", b'{"auths":{"h":{}}}', b'{"credsStore":"pass"}'])
def test_no_login_no_finding(data: bytes, workstation: MakeWorkstation, tmp_path: Path) -> None:
    config(tmp_path, data)
    found = seen(docker_config.survey(workstation()))
    assert (found.findings, found.skipped, len(found.looked)) == ([], [], 1)


def test_every_kind_of_secret(workstation: MakeWorkstation, tmp_path: Path) -> None:
    entry = {name: random_password() for name in ("password", "identitytoken", "registrytoken")}
    entry |= {"username": "ann", "auth": encoded("ann", random_password())}
    config(tmp_path, json.dumps({"auths": {"h": entry}}))
    found = seen(docker_config.survey(workstation()))
    assert sorted(found.rules) == [
        "plain-text-identity-token",
        "plain-text-login",
        "plain-text-login",
        "plain-text-registry-token",
    ]
    assert "no credential helper can hold" in found.one("plain-text-registry-token").advice


def test_the_flat_form_that_docker_py_reads(workstation: MakeWorkstation, tmp_path: Path) -> None:
    password = random_password()
    config(tmp_path, json.dumps({"quay.io": {"auth": encoded("ann", password)}, "currentContext": "x"}))
    (finding,) = seen(docker_config.survey(workstation())).findings
    assert finding.secret == Secret(password)
    assert "docker-py" in finding.title


def test_a_broken_entry_is_told_and_its_neighbour_found(workstation: MakeWorkstation, tmp_path: Path) -> None:
    auths = {"x": {"auth": "YWJj"}, "keep": {"auth": encoded("u", random_password())}}
    config(tmp_path, json.dumps({"auths": auths}))
    found = seen(docker_config.survey(workstation()))
    assert sorted(found.rules) == ["malformed-login", "plain-text-login"]


def test_foreign_text_in_titles_is_printable(workstation: MakeWorkstation, tmp_path: Path) -> None:
    config(tmp_path, '{"auths":{"h":{"pa\u017f\u017fword":5}, "\\u001b[31m": {"auth": 5}}}')
    for finding in seen(docker_config.survey(workstation())).findings:
        assert finding.title.isprintable()


def hostile(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "home/.docker/config.json"
    path.parent.mkdir(parents=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "dangling":
        path.symlink_to("nowhere")
    elif kind == "loop":
        path.symlink_to("config.json")
    elif kind == "sparse":
        with path.open("wb") as stream:
            stream.truncate(2 * 10**9)
    elif kind == "nested":
        path.write_bytes(b"[" * 100_000)
    else:
        path.write_bytes(b"\xef\xbb\xbf{}")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["folder", "fifo", "dangling", "loop", "sparse"])
def test_hostile_places_are_skipped_with_a_reason(kind: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    hostile(tmp_path, kind)
    found = seen(docker_config.survey(workstation()))
    assert len(found.skipped) == 1
    assert found.skipped[0].reason


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["nested", "mark"])
def test_hostile_texts_are_broken_files(kind: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    hostile(tmp_path, kind)
    assert seen(docker_config.survey(workstation())).rules == ["malformed-file"]
