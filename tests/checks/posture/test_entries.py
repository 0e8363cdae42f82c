from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.formats.docker_auth import read_auth_file
from checks.formats.registry_names import HUB_SERVER
from checks.model.finding import Finding
from checks.posture.entries import entry_findings
from tests.checks.conftest import encoded, random_password


def look(document: object) -> list[Finding]:
    return list(entry_findings(read_auth_file(json.dumps(document).encode()), Path("/x/config.json")))


def login() -> dict[str, str]:
    return {"auth": encoded("u", random_password())}


@pytest.mark.parametrize("key", ["docker.io", "index.docker.io", "registry-1.docker.io", "https://docker.io/v1/"])
def test_shadows_of_docker_hub(key: str) -> None:
    (finding,) = look({"auths": {key: login(), HUB_SERVER: login()}, "credHelpers": {"other": "pass"}})
    assert (finding.rule, finding.registry, finding.secret) == ("docker-hub-shadow", "docker.io", None)


@pytest.mark.parametrize("key", ["docker.io", HUB_SERVER, "ghcr.io"])
def test_no_secret_no_finding(key: str) -> None:
    assert look({"auths": {key: {}}, "credsStore": "pass"}) == []


@pytest.mark.parametrize(
    ("settings", "stale"),
    [
        ({}, False),
        ({"credsStore": "pass"}, True),
        ({"credHelpers": {"r.test:5000": "pass"}}, True),
        ({"credHelpers": {"r.test": "pass"}}, False),
        ({"credHelpers": {"https://r.test:5000/v2/": "pass"}}, False),
        ({"credHelpers": {"r.test:5000": ""}, "credsStore": "pass"}, False),
        ({"credsStore": ""}, False),
    ],
)
@pytest.mark.parametrize("key", ["r.test:5000", "https://r.test:5000/v2/"])
def test_plain_text_beside_a_helper(key: str, settings: dict[str, object], stale: bool) -> None:
    found = look({"auths": {key: login()}, **settings})
    assert [one.rule for one in found] == (["stale-plain-text"] if stale else [])


def test_docker_hub_has_one_name_for_helpers() -> None:
    assert look({"auths": {HUB_SERVER: login()}, "credHelpers": {HUB_SERVER: "pass"}})
    assert not look({"auths": {HUB_SERVER: login()}, "credHelpers": {"docker.io": "pass"}})


def test_a_registry_token_is_never_stale() -> None:
    assert not look({"auths": {"h": {"registrytoken": random_password()}}, "credsStore": "pass"})


@pytest.mark.parametrize(
    ("key", "plain"),
    [
        ("http://r.test:5000", True),
        ("HTTP://r.test", True),
        ("https://r.test", False),
        ("r.test", False),
        ("http://localhost:5000", False),
        ("http://127.0.0.1:5000/v2/", False),
        ("http://[::1]:5000", False),
        ("http://127.evil.test", True),
    ],
)
def test_registries_over_plain_http(key: str, plain: bool) -> None:
    assert [one.rule for one in look({"auths": {key: {}}})] == (["plain-http-registry"] if plain else [])
