"""Where a secret may go when a registry names a token service."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guides.registries.network import Network
from guides.registries.realm import RealmRefused, check_realm, destinations, registry_host

BASE = "https://registry.example"


@pytest.mark.parametrize(
    ("registry", "hosts"),
    [
        ("docker.io", ("registry-1.docker.io", "auth.docker.io")),
        ("https://index.docker.io/v1/", ("registry-1.docker.io", "auth.docker.io")),
        ("registry.gitlab.com", ("registry.gitlab.com", "gitlab.com")),
        ("ghcr.io", ("ghcr.io",)),
        ("127.0.0.1:5000", ("127.0.0.1:5000",)),
        ("[::1]:5000", ("[::1]:5000",)),
        ("https://registry.example/v2/", ("registry.example",)),
    ],
)
def test_destinations(registry: str, hosts: tuple[str, ...]) -> None:
    assert destinations(registry) == hosts


@pytest.mark.parametrize(
    "registry", ["", " ", "a b", "a@b", "a\x1b[2J", "-x", "a:port", "a?b", "a#b", "\u00e9.example"]
)
def test_no_registry(registry: str) -> None:
    with pytest.raises(ValueError, match="no name of a registry"):
        registry_host(registry)


@pytest.mark.parametrize(
    ("registry", "base", "realm", "host"),
    [
        ("registry.example", BASE, "https://registry.example/token", "registry.example"),
        ("registry.example", BASE, "https://REGISTRY.example:443/token?a=b", "registry.example"),
        ("registry.example", BASE, "https://registry.example:5001/token", "registry.example:5001"),
        ("docker.io", "https://registry-1.docker.io", "https://auth.docker.io/token", "auth.docker.io"),
        ("registry.gitlab.com", "https://registry.gitlab.com", "https://gitlab.com/jwt/auth", "gitlab.com"),
        ("10.0.0.5:5000", "https://10.0.0.5:5000", "https://10.0.0.5/token", "10.0.0.5"),
        ("127.0.0.1:5000", "http://127.0.0.1:5000", "http://127.0.0.1:5001/token", "127.0.0.1:5001"),
        ("registry.example", BASE, "https://Agreed.example/token", "agreed.example"),
        ("registry.example", BASE, "https://agreed.example:8443/token", "agreed.example:8443"),
    ],
)
def test_allowed(network: Network, registry: str, base: str, realm: str, host: str) -> None:
    found = check_realm(realm, registry, base, network, ("AGREED.example", "agreed.example:8443"))
    assert (found.url, found.host) == (realm, host)


@pytest.mark.parametrize(
    ("registry", "host"),
    [
        ("registry.example", "elsewhere.example"),
        ("registry.example", "agreed.example:8444"),
        ("registry.example", "registry.example.evil.example"),
        ("registry.example", "auth.docker.io"),
        ("ghcr.io", "gitlab.com"),
        ("127.0.0.1:5000", "elsewhere.example"),
        ("registry.example", "auth"),
    ],
)
def test_the_person_is_to_be_asked(network: Network, registry: str, host: str) -> None:
    base = f"https://{registry}"
    with pytest.raises(RealmRefused) as raised:
        check_realm(f"https://{host}/token", registry, base, network, ("agreed.example:8443",))
    assert raised.value.host == host
    assert check_realm(f"https://{host}/token", registry, base, network, (host,)).host == host


@pytest.mark.parametrize(
    "realm",
    [
        "",
        "token",
        "/token",
        "ftp://registry.example/",
        "http://registry.example/token",
        "http://agreed.example/token",
        "https://user@registry.example/token",
        "https://user:word@agreed.example/token",
        "https://agreed.example\\@registry.example/",
        "https://registry.example#@agreed.example/",
        "https://registry.example /",
        "https://registry.example:x/",
        "https://[::1/",
        "https://r\u00e9gistry.example/",
        "https://registry.example\r\nX: y/",
        "https://127.0.0.1/token",
        "https://localhost:5001/token",
        "https://sub.localhost/token",
        "https://10.0.0.1/token",
        "https://172.16.3.4/token",
        "https://192.168.1.1/token",
        "https://100.64.0.1/token",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fd00:ec2::254]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[2002:a9fe:a9fe::1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://10.0.0.1./",
        "https://metadata.google.internal/",
        "https://metadata/",
        "https://instance-data/",
    ],
)
def test_nobody_may_allow_it(network: Network, realm: str) -> None:
    inside = ("agreed.example", "127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "metadata", "localhost:5001")
    with pytest.raises(RealmRefused) as raised:
        check_realm(realm, "registry.example", BASE, network, inside)
    assert raised.value.host == ""
    assert "word" not in str(raised.value) and "\r" not in str(raised.value)


def test_an_address_of_the_world_may_be_agreed_to(network: Network) -> None:
    with pytest.raises(RealmRefused) as raised:
        check_realm("https://93.184.216.34/token", "registry.example", BASE, network, ())
    assert raised.value.host == "93.184.216.34"


def test_http_only_where_the_registry_is_reached_so(network: Network) -> None:
    declared = replace(network, insecure=frozenset({"r.example:5000", "t.example:5001"}))
    base = "http://r.example:5000"
    assert check_realm("http://r.example:5000/token", "r.example:5000", base, declared, ()).host == "r.example:5000"
    for realm in ("http://r.example:5001/token", "http://other.example/token"):
        with pytest.raises(RealmRefused, match="without encryption"):
            check_realm(realm, "r.example:5000", base, declared, ("other.example",))
    agreed = check_realm("http://t.example:5001/", "r.example:5000", base, declared, ("t.example:5001",))
    assert agreed.host == "t.example:5001"
    with pytest.raises(RealmRefused, match="inside this network"):
        check_realm("http://127.0.0.1/token", "r.example:5000", base, declared, ())
