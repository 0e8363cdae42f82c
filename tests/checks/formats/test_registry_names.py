from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.registry_names import (
    HUB_SERVER,
    hostname_of,
    is_hub_shadow,
    is_loopback,
    is_namespaced,
    is_web_login_record,
    provider_of,
    registry_of,
    server_of,
)

# The cases of docker/cli's ConvertToHostname.
HOSTNAMES = [
    ("127.0.0.1", "127.0.0.1"),
    ("::1", "::1"),
    ("[::1]", "[::1]"),
    ("example.com", "example.com"),
    ("http://example.com", "example.com"),
    ("https://example.com", "example.com"),
    ("https://example.com/", "example.com"),
    ("https://example.com/v2/", "example.com"),
    ("unix:///var/run/docker.sock", "unix:"),
    ("ftp://example.com", "example.com"),
    ("127.0.0.1:6556", "127.0.0.1:6556"),
    ("::1:6556", "::1:6556"),
    ("[::1]:6556", "[::1]:6556"),
    ("example.com:6555", "example.com:6555"),
    ("https://127.0.0.1:6555/v2/", "127.0.0.1:6555"),
    ("https://::1:6555/v2/", "[::1]:6555"),
    ("https://[::1]:6555/v2/", "[::1]:6555"),
    ("http://example.com:6555", "example.com:6555"),
    ("https://example.com:6555", "example.com:6555"),
    ("https://example.com:6555/v2/", "example.com:6555"),
    # docker-py's convert_to_hostname and resolve_authconfig
    ("http://my.registry.net", "my.registry.net"),
    ("https://my.registry.net/v1/", "my.registry.net"),
    ("my.registry.net/v1/", "my.registry.net"),
    ("index.docker.io/v1/", "index.docker.io"),
    # seen with docker 28.2.2
    ("H:5051/t/x", "H:5051"),
    ("https://example.com:443", "example.com:443"),
    ("https://example.com:", "example.com"),
    ("https://[::1]/", "::1"),
    # what Go's net/url refuses is cut at its first slash
    ("http://exa mple.com/x", "http:"),
    ("http://example.com:port/", "http:"),
    ("http://[::1/", "http:"),
    ("http://example.com/%zz", "http:"),
    ("http://example.com\n/", "http:"),
    ("1http://example.com", "1http:"),
    ("http://user:pass@example.com/", "example.com"),
    ("", ""),
]


@pytest.mark.parametrize(("key", "host"), HOSTNAMES)
def test_a_key_becomes_the_host_that_docker_makes_of_it(key: str, host: str) -> None:
    assert hostname_of(key) == host


@given(st.text())
def test_any_text_has_a_host(key: str) -> None:
    assert isinstance(hostname_of(key), str)
    registry_of(key), server_of(key), is_namespaced(key), is_loopback(key), is_web_login_record(key)


@pytest.mark.parametrize("key", ["docker.io", "index.docker.io", "registry-1.docker.io", "https://index.docker.io/v1"])
def test_other_names_of_docker_hub_are_shadows(key: str) -> None:
    assert is_hub_shadow(key)
    assert server_of(key) == HUB_SERVER
    assert registry_of(key) == "docker.io"


def test_the_server_address_of_docker_hub_is_none() -> None:
    assert not is_hub_shadow(HUB_SERVER)
    assert registry_of(HUB_SERVER) == "docker.io"


@pytest.mark.parametrize("last", ["v1/access-token", "v1/refresh-token", "v1//access-token"])
def test_records_of_the_web_login_keep_their_name(last: str) -> None:
    key = f"https://index.docker.io/{last}"
    assert is_web_login_record(key)
    assert not is_hub_shadow(key)
    assert server_of(key) == key


@pytest.mark.parametrize(
    ("key", "namespaced"),
    [("quay.io/acme", True), ("quay.io", False), ("https://h/v1/", False), ("h/v1/", False), ("h/", False)],
)
def test_keys_of_one_namespace(key: str, namespaced: bool) -> None:
    assert is_namespaced(key) is namespaced


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("localhost:5000", True),
        ("127.0.0.1", True),
        ("127.8.8.8:5000", True),
        ("::1", True),
        ("[::1]", True),
        ("[::1]:5000", True),
        ("127.0.0.0/8", True),
        ("registry.localhost", True),
        ("127.evil.example", False),
        ("localhost.evil.example", False),
        ("10.0.0.0/8", False),
        ("::2", False),
        ("", False),
    ],
)
def test_what_stays_on_this_machine(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_the_form_of_a_token_says_more_than_its_host() -> None:
    assert provider_of("quay.io", "docker-hub-pat") == "docker-hub"
    assert provider_of("quay.io", "password") == "quay"
    assert provider_of("123.dkr.ecr.eu-central-1.amazonaws.com", "password") == "ecr"
    assert provider_of("acme.azurecr.io", "password") == "acr"
    assert provider_of(None, "password") is None


@pytest.mark.parametrize(
    ("registry", "form", "username", "provider"),
    [
        ("hub.example.com", "password", "robot$shop+ci", "harbor"),
        ("x1.gra7.container-registry.ovh.net", "password", "robot$shop+ci", "ovh"),
        ("x1.gra7.container-registry.ovh.net", "harbor-robot-secret", None, "ovh"),
        ("hub.example.com", "harbor-robot-secret", None, "harbor"),
        ("images.example.com", "password", "acme+ci", "quay"),
        ("images.example.com", "password", "$oauthtoken", "quay"),
        ("git.example.com:5050", "password", "gitlab+deploy-token-7", None),
        (None, "password", "iamapikey", "ibm"),
        ("mirror.example.com", "password", "12345678|ci", "red-hat"),
        ("rg.nl-ams.scw.cloud", "password", "anybody", "scaleway"),
        ("quay.io", "jfrog-reference", "alice", "jfrog"),
        ("images.example.com", "password", "alice+test@example.com", None),
        ("images.example.com", "password", "alice", None),
    ],
)
def test_the_provider_by_form_then_host_then_user_name(
    registry: str | None, form: str, username: str | None, provider: str | None
) -> None:
    assert provider_of(registry, form, username) == provider
