"""Credential files under any name, below a path that the person named."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from checks import credential_documents
from checks.catalog import CHECKS
from checks.model.workstation import Workstation
from checks.scan import FindingFound, ItemSkipped, scan
from tests.checks.conftest import encoded, random_password, seen, write


def found(workstation: Workstation, *paths: Path) -> tuple[list[str], list[str]]:
    """Checks that found something, with the path; and what was skipped, with the reason."""
    events = list(scan(workstation, CHECKS, paths))
    findings = [
        f"{event.finding.check}: {event.finding.place.path}" for event in events if isinstance(event, FindingFound)
    ]
    skipped = [f"{event.skipped.path}: {event.skipped.reason}" for event in events if isinstance(event, ItemSkipped)]
    return sorted(findings), sorted(skipped)


def document(password: str) -> str:
    return json.dumps({"auths": {"ghcr.io": {"auth": encoded("alice", password)}}})


@pytest.mark.parametrize(
    "name", ["config.json", "ci/registry.json", "dockerconfig", "k8s/pull-secret.dockerconfigjson", "some.json"]
)
def test_whatever_its_name(workstation, tmp_path: Path, name: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "tree" / name
    path.parent.mkdir(parents=True)
    path.write_text(document(random_password()))
    for named in (tmp_path / "tree", path):
        assert found(workstation(), named) == ([f"credential-documents: {path}"], [])


def test_the_flat_form_of_2014(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "legacy.json"
    path.write_text(json.dumps({"https://index.docker.io/v1/": {"auth": encoded("alice", random_password())}}))
    assert found(workstation(), tmp_path) == ([f"credential-documents: {path}"], [])


def test_a_file_known_by_name_is_read_once(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    paths = [
        tmp_path / "tree" / name for name in (".docker/config.json", "containers/auth.json", ".docker/config.json.bak")
    ]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document(random_password()))
        path.chmod(0o600)
    findings, _ = found(workstation(), tmp_path / "tree")
    assert findings == sorted(
        f"{check}: {path}"
        for check, path in zip(("docker-config", "container-auth", "docker-leftovers"), paths, strict=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"auths": {}}',
        '{"auths": null}',
        '{"auths": ["a"]}',
        '{"other": {"auths": {"x": {}}}}',
        '{"operation": {"auth": ["aws.auth#sigv4"]}}',
        '{"operation": {"auth" : {"type": "basic"}}}',
        "the word auths",
        "[]",
        "",
    ],
)
def test_what_only_mentions_auths_is_not_one(workstation, tmp_path: Path, text: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "some.json").write_text(text)
    assert found(workstation(), tmp_path) == ([], [])


@pytest.mark.parametrize("between", ["", " ", "\n\t", " // the login\n", " /* [ */ "])
def test_a_flat_file_whatever_stands_before_its_login(workstation, tmp_path: Path, between: str) -> None:  # type: ignore[no-untyped-def]
    login = encoded("bob", random_password())
    (tmp_path / "some.json").write_text(f'{{"registry.example": {{"auth":{between}"{login}"}}}}')
    findings, _ = found(workstation(), tmp_path)
    assert f"credential-documents: {tmp_path / 'some.json'}" in findings


def test_a_named_file_that_nobody_knows_is_said(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "picture.png"
    path.write_bytes(bytes(range(256)))
    assert found(workstation(), path) == ([], [f"{path}: binary"])
    (skipped,) = [one for one in scan(workstation(), [credential_documents], [path]) if isinstance(one, ItemSkipped)]
    assert skipped.skipped.reason == "no check knows this kind of file"


def test_git_s_own_files_are_left_alone(tmp_path: Path) -> None:
    assert not credential_documents.claims(tmp_path / ".git" / "objects" / "ab" / "cdef")


@pytest.mark.parametrize("listed", [False, True])
def test_a_kubernetes_secret_in_json_is_decoded(workstation, tmp_path: Path, listed: bool) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    secret = {"kind": "Secret", "data": {"db-password": base64.b64encode(word.encode()).decode(), "username": "Ym9i"}}
    text = json.dumps({"kind": "List", "items": [secret]} if listed else secret, indent=1)
    path = write(tmp_path / "secret.json", text)
    (found,) = seen(credential_documents.read(workstation(), path)).findings
    assert found.secret and found.secret.reveal() == word
    assert (found.rule, found.username) == ("kubernetes-secret", "bob")
    assert found.place.line and "db-password" in text.split("\n")[found.place.line - 1]
    assert len([event for event in scan(workstation(), CHECKS, [path]) if isinstance(event, FindingFound)]) == 1
