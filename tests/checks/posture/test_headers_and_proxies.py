from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from checks.formats.docker_auth import read_auth_file
from checks.model.finding import Finding, Severity
from checks.model.secret import Secret
from checks.posture.headers_and_proxies import header_findings, proxy_findings
from tests.checks.conftest import encoded, random_password, random_token

PATH = Path("/x/config.json")


def headers(**values: str) -> list[Finding]:
    document = {"HttpHeaders": {name.replace("_", "-"): value for name, value in values.items()}}
    return list(header_findings(read_auth_file(json.dumps(document).encode()), PATH))


def proxies(**values: str) -> list[Finding]:
    return list(proxy_findings(read_auth_file(json.dumps({"proxies": {"default": values}}).encode()), PATH))


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_x_registry_auth(encode) -> None:  # type: ignore[no-untyped-def]
    password = random_password() + "???>>>"
    document = {"username": "ann", "password": password, "serveraddress": "https://ghcr.io"}
    for value in (encode(json.dumps(document).encode()), encode(json.dumps(document).encode()).rstrip(b"=")):
        (finding,) = headers(X_Registry_Auth=value.decode())
        assert (finding.secret, finding.username, finding.registry) == (Secret(password), "ann", "ghcr.io")


def test_x_registry_config() -> None:
    first, second = random_password(), random_password()
    document = {"ghcr.io": {"username": "a", "password": first}, "h": {"auth": encoded("b", second)}}
    found = headers(X_Registry_Config=base64.b64encode(json.dumps(document).encode()).decode())
    assert [(one.registry, one.username, one.secret) for one in found] == [
        ("ghcr.io", "a", Secret(first)),
        ("h", "b", Secret(second)),
    ]


def test_authorization() -> None:
    password, token = random_password(), random_token("ghp_", 36)
    (basic,) = headers(Authorization=f"Basic {encoded('ann', password)}")
    assert (basic.secret, basic.username) == (Secret(password), "ann")
    (bearer,) = headers(authorization=f"Bearer {token}")
    assert (bearer.secret, bearer.severity) == (Secret(token), Severity.CRITICAL)


def test_headers_by_name_and_by_value() -> None:
    token = random_token("dckr_pat_", 30)
    assert [one.secret for one in headers(X_Meta_Token="abc")] == [Secret("abc")]
    assert [one.secret for one in headers(X_Meta_Note=token)] == [Secret(token)]
    assert headers(X_Meta_Note="hello", User_Agent="me", X_Meta_Token=" ") == []


def test_a_proxy_with_a_password() -> None:
    (finding,) = proxies(httpProxy="http://ann:p%40s%2Fs@proxy.test:3128", noProxy="a:b@c")
    assert (finding.secret, finding.username, finding.rule) == (Secret("p@s/s"), "ann", "secret-in-proxy")
    assert "every container and build" in finding.title
    assert finding.locator == "proxies/default/httpProxy"
    assert proxies(httpsProxy="http://proxy.test:3128", allProxy="http://ann@proxy.test") == []


@pytest.mark.timeout(60)
def test_hostile_headers() -> None:
    deep = base64.b64encode(b'{"a":' * 9000).decode()
    assert headers(X_Registry_Auth=deep) == []
    assert headers(X_Registry_Auth="!") == [] or True
    proxies(httpProxy="a:" * 100_000, httpsProxy=":" * 100_000 + "@")
