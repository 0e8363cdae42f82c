from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from checks import container_auth
from checks.model.secret import Secret
from tests.checks.conftest import MakeWorkstation, encoded, random_password, seen, write


def document(key: str, password: str) -> str:
    return json.dumps({"auths": {key: {"auth": encoded("ann", password)}}})


@pytest.mark.parametrize(
    ("variable", "path"),
    [
        ("REGISTRY_AUTH_FILE", "named.json"),
        ("XDG_RUNTIME_DIR", "run/containers/auth.json"),
        ("", "root/run/containers/{uid}/auth.json"),
        ("", "home/.config/containers/auth.json"),
        ("XDG_CONFIG_HOME", "xdg/containers/auth.json"),
        ("HELM_REGISTRY_CONFIG", "helm.json"),
        ("", "home/.config/helm/registry/config.json"),
        ("", "home/Library/Preferences/helm/registry/config.json"),
        ("", "home/.dockercfg"),
    ],
)
def test_every_place(variable: str, path: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    password = random_password()
    file = write(tmp_path / path.format(uid=os.geteuid()), document("quay.io", password))
    values = {"XDG_RUNTIME_DIR": "run", "XDG_CONFIG_HOME": "xdg"}
    environment = {variable: str(tmp_path / values[variable] if variable in values else file)} if variable else {}
    found = seen(container_auth.survey(workstation(environment, platform="darwin")))
    (finding,) = found.findings
    assert finding.secret == Secret(password)
    assert (finding.place.path, finding.registry, finding.username) == (str(file), "quay.io", "ann")
    assert [one.path for one in found.looked] == [str(file)]


def test_nothing_there_is_nothing(workstation: MakeWorkstation, tmp_path: Path) -> None:
    environment = {"REGISTRY_AUTH_FILE": str(tmp_path / "no"), "HELM_REGISTRY_CONFIG": str(tmp_path / "no")}
    found = seen(container_auth.survey(workstation(environment)))
    assert (found.findings, found.skipped, found.looked) == ([], [], [])


def test_a_file_is_read_once(workstation: MakeWorkstation, tmp_path: Path) -> None:
    file = write(tmp_path / "home/.config/containers/auth.json", document("quay.io", random_password()))
    (tmp_path / "link").symlink_to(file)
    environment = {"REGISTRY_AUTH_FILE": str(tmp_path / "link"), "HELM_REGISTRY_CONFIG": str(file)}
    assert len(seen(container_auth.survey(workstation(environment))).looked) == 1


def test_the_docker_file_is_left_to_its_own_check(workstation: MakeWorkstation, tmp_path: Path) -> None:
    file = write(tmp_path / "home/.docker/config.json", document("quay.io", random_password()))
    assert not seen(container_auth.survey(workstation({"REGISTRY_AUTH_FILE": str(file)}))).findings


def test_a_key_of_one_namespace_is_said_and_no_helper_is_promised(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "home/.config/containers/auth.json", document("quay.io/acme\x1b[31m", random_password()))
    (finding,) = seen(container_auth.survey(workstation())).findings
    assert "no helper can hold" in finding.title
    assert "\x1b" not in finding.title
    assert "no helper" in finding.advice
    assert finding.registry == "quay.io"


def test_docker_io_is_the_right_name_for_podman(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "home/.config/containers/auth.json", document("docker.io", random_password()))
    (finding,) = seen(container_auth.survey(workstation())).findings
    assert finding.title == "plain-text login"


@pytest.mark.parametrize("form", ["ini", "flat"])
def test_both_forms_of_dockercfg(form: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    password = random_password()
    auth = encoded("ann", password)
    text = f"auth = {auth}\nemail = x@y\n" if form == "ini" else json.dumps({"docker.io": {"auth": auth}})
    file = write(tmp_path / "home/.dockercfg", text)
    (finding,) = seen(container_auth.survey(workstation())).findings
    assert (finding.secret, finding.registry, finding.username) == (Secret(password), "docker.io", "ann")
    place = finding.place
    assert place.line and place.column
    assert file.read_text().splitlines()[place.line - 1][place.column - 1 :].startswith(auth)


@pytest.mark.parametrize("wrapped", [True, False])
def test_the_document_of_a_kubernetes_secret(wrapped: bool, workstation: MakeWorkstation, tmp_path: Path) -> None:
    password = random_password()
    data = document("quay.io", password).encode()
    file = write(tmp_path / "x/.dockerconfigjson", base64.encodebytes(data) if wrapped else data)
    assert container_auth.claims(file)
    (finding,) = seen(container_auth.read(workstation(), file)).findings
    assert finding.secret == Secret(password)


@pytest.mark.parametrize(
    ("path", "claimed"),
    [
        ("/p/containers/auth.json", True),
        ("/run/containers/1000/auth.json", True),
        ("/p/helm/registry/config.json", True),
        ("/p/.dockercfg", True),
        ("/p/.dockerconfigjson", True),
        ("/p/auth.json", False),
        ("/p/containers/x/auth.json", False),
        ("/p/config.json", False),
    ],
)
def test_files_known_by_name(path: str, claimed: bool) -> None:
    assert container_auth.claims(Path(path)) is claimed


def test_somebody_elses_auth_json_is_no_broken_file(workstation: MakeWorkstation, tmp_path: Path) -> None:
    file = write(tmp_path / "src/containers/auth.json", '["just", "data",]')
    found = seen(container_auth.read(workstation(), file))
    assert not found.findings
    broken = write(tmp_path / "src/containers/auth.json", '{"auths": {,}')
    assert seen(container_auth.read(workstation(), broken)).rules == ["malformed-file"]


def test_what_cannot_be_read_is_skipped(workstation: MakeWorkstation, tmp_path: Path) -> None:
    (tmp_path / "home/.config/containers/auth.json").mkdir(parents=True)
    (tmp_path / "home/.dockercfg").symlink_to("nowhere")
    reasons = [one.reason for one in seen(container_auth.survey(workstation())).skipped]
    assert reasons == ["not a regular file: a folder", "a link to nothing"]


def test_ids_are_unique(workstation: MakeWorkstation, tmp_path: Path) -> None:
    auth = encoded("ann", random_password())
    text = f'{{"auths":{{"h":{{"auth":"{auth}"}},"h":{{"auth":"{auth}"}},"i":{{"auth":"{auth}"}}}}}}'
    write(tmp_path / "home/.config/containers/auth.json", text)
    here = workstation()
    ids = [finding.id(here.key) for finding in seen(container_auth.survey(here)).findings]
    assert len(set(ids)) == len(ids) == 3
