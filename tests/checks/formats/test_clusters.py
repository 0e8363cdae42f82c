"""Clusters' and hosts' files beyond what tests/checks/tool_files says of them."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.cli_hosts import read_cli_hosts
from checks.formats.containerd_hosts import read_containerd_toml, read_k3s_registries
from checks.formats.kubeconfig import read_kubeconfig
from tests.checks.conftest import encoded, random_password

passwords = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1)


@given(passwords, st.sampled_from([None, "'", '"']))
def test_any_token(token: str, style: str | None) -> None:
    document = {
        "apiVersion": "v1",
        "clusters": [{"name": "c", "cluster": {"server": "https://k.example.com:6443"}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "users": [{"name": "u", "user": {"token": token}}],
    }
    (found,) = read_kubeconfig(yaml.safe_dump(document, default_style=style, allow_unicode=True)).found
    assert (found.secret.text, found.host, found.field) == (token, "k.example.com:6443", "users/u/token")


def test_every_secret_of_a_user() -> None:
    words = [random_password() for _ in range(4)]
    text = (
        "users:\n- name: u\n  user:\n"
        f"    client-certificate-data: public\n    client-key-data: {words[0]}\n    password: {words[1]}\n"
        f"    auth-provider: {{config: {{id-token: {words[2]}, access-token: ''}}}}\n"
        f"    exec:\n      env:\n      - name: API_TOKEN\n        value: {words[3]}\n"
    )
    found = read_kubeconfig(text).found
    assert sorted(one.secret.text for one in found) == sorted(words)
    (named,) = [one for one in found if one.named]
    assert (named.field, named.secret.line) == ("users/u/exec/env/API_TOKEN", 11)


def test_containerd_forms() -> None:
    word = random_password()
    text = "\n".join(
        [
            "version = 2",
            '[plugins."io.containerd.grpc.v1.cri".registry.configs."a.example.com".auth]',
            f'auth = "{encoded("ann", word)}"',
            '[plugins."io.containerd.grpc.v1.cri".registry.configs."b.example.com".auth]',
            f'identitytoken = "{word}"',
            '[plugins."io.containerd.grpc.v1.cri".registry.auths."https://c.example.com"]',
            f'username = "bob"\npassword = "{word}"',
            '[host."https://d.example.com".header]',
            f'  Authorization = ["Basic {encoded("carl", word)}"]',
            f'[debug]\npassword = "{word}"\n[plugins.x.auth]\nauth = "none"',
        ]
    )
    found = [(one.host, one.username, one.secret.text) for one in read_containerd_toml(text).found]
    assert found == [
        ("a.example.com", "ann", word),
        ("b.example.com", "", word),
        ("c.example.com", "bob", word),
        ("d.example.com", "carl", word),
    ]


def test_hosts_of_gh_keep_the_token_twice() -> None:
    word = random_password()
    text = f"github.com:\n  users:\n    ann:\n      oauth_token: {word}\n  oauth_token: {word}\n  user: ann\n"
    assert [(one.field, one.secret.line) for one in read_cli_hosts(text).found] == [
        ("github.com/ann/oauth_token", 5),
        ("github.com/ann/oauth_token", 4),
    ]


@pytest.mark.parametrize("read", [read_cli_hosts, read_k3s_registries, read_kubeconfig])
@pytest.mark.parametrize("text", ["", "a", "[]", "users: x\nhosts: [1]\nconfigs: {a: {auth: [x]}}\n", "users: [[[]]]"])
def test_another_shape(read, text: str) -> None:  # type: ignore[no-untyped-def]
    assert read(text).found == ()


@pytest.mark.parametrize("read", [read_cli_hosts, read_k3s_registries, read_kubeconfig])
def test_aliases_without_end(read) -> None:  # type: ignore[no-untyped-def]
    wide = "{" + ", ".join(f"k{n}: x" for n in range(5_000)) + "}"
    aliases = ", ".join(["*a"] * 2_000)
    for holder in ("users", "clusters", "contexts", "hosts", "configs"):
        assert "aliases" in read(f"a: &a {wide}\n{holder}: [{aliases}]\n").problem
