"""References, registries, remotes: what texts of other people mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.uses.git_remote import Remote, parse_remote, remote_of
from checks.uses.references import expand, held, reference_in, safe_name, without_expressions
from checks.uses.registries import canonical, implied_registry, needs_login, split_image
from checks.uses.updating import (
    azure_connections,
    bitbucket_variables,
    github_secrets,
    gitlab_variables,
    kubernetes_pull_secret,
)
from tests.checks.conftest import random_password, random_token, write


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("${{ secrets.DOCKERHUB_TOKEN }}", "DOCKERHUB_TOKEN"),
        ("${{secrets['A-B']}}", "A-B"),
        ("${{ inputs.x || secrets.Y }}", "Y"),
        ("${{ github.token }}", "GITHUB_TOKEN"),
        ("${{ env.REGISTRY }}", "REGISTRY"),
        ("$CI_REGISTRY_PASSWORD", "CI_REGISTRY_PASSWORD"),
        ("${HUB_PW:-}", "HUB_PW"),
        ("$(dockerPassword)", "dockerPassword"),
        ("$(System.AccessToken)", "SYSTEM_ACCESSTOKEN"),
        ("$env:PW", "PW"),
        ("%PW%", "PW"),
        ("<< parameters.pw >>", "pw"),
        ("{{ vault_password }}", "vault_password"),
        ("{{ lookup('env', 'HUB_PW') }}", "HUB_PW"),
        ("{{ .Values.registry.password }}", ".Values.registry.password"),
        ("$[[ inputs.pw ]]", "pw"),
    ],
)
def test_references(text: str, name: str) -> None:
    assert reference_in(text) == name
    assert held(text).name == name
    assert held(text).secret is None


def test_values() -> None:
    word = random_password()
    found = held(word).secret
    assert found
    assert found.reveal() == word
    assert not held("changeme").known
    assert not held("").known
    assert held("${{ secrets.GITHUB_TOKEN }}").automatic
    assert safe_name(random_token("ghp_", 36)) == "..."


@given(st.text(alphabet="$ {}[]<>()'\".secrtabAB_|", max_size=80))
def test_expressions_become_variables_of_the_same_length(text: str) -> None:
    assert len(without_expressions(text)) == len(text)
    reference_in(text)
    expand(text, {"a": "b"})


def test_what_is_known_is_put_in() -> None:
    assert expand("${{ env.R }}/x:$TAG", {"R": "ghcr.io"}) == "ghcr.io/x:$TAG"
    assert expand("$A", {"A": "$B", "B": "c"}) == "c"


@pytest.mark.parametrize(
    ("text", "registry", "repository"),
    [
        ("postgres:15", "docker.io", "postgres"),
        ("acme/shop@sha256:abc", "docker.io", "acme/shop"),
        ("ghcr.io/acme/api:${TAG}", "ghcr.io", "acme/api"),
        ("ghcr.io/acme/api:{{ .Values.tag }}", "ghcr.io", "acme/api"),
        ("localhost:5000/a", "localhost:5000", "a"),
        ("docker://Registry.Acme.example/a/b", "registry.acme.example", "a/b"),
        ("$REGISTRY/a", None, None),
        ("ghcr.io/$OWNER/a", "ghcr.io", None),
        ("./folder", None, None),
        ("", None, None),
    ],
)
def test_images(text: str, registry: str | None, repository: str | None) -> None:
    assert split_image(text) == (registry, repository)


def test_registries() -> None:
    for text in ("https://index.docker.io/v1/", "docker.io", "https://registry.hub.docker.com"):
        assert canonical(text) == "docker.io"
    assert canonical("https://GHCR.io:443/acme") == "ghcr.io"
    for text in ("", "$R", "registry", "a b.c", "\u202ehost.example", "../x.y"):
        assert canonical(text) is None, text
    assert not needs_login("docker.io")
    assert not needs_login("mcr.microsoft.com")
    assert needs_login("quay.io")


@pytest.mark.parametrize(
    ("name", "registry"),
    [
        ("DOCKERHUB_TOKEN", "docker.io"),
        ("docker-hub-credentials", "docker.io"),
        ("dockerhubToken", "docker.io"),
        ("DOCKER_PASSWORD", "docker.io"),
        ("GHCR_PAT", "ghcr.io"),
        ("ghcr-pull-secret", "ghcr.io"),
        ("CR_PAT", "ghcr.io"),
        ("CI_REGISTRY_PASSWORD", "registry.gitlab.com"),
        ("ACME_QUAY_TOKEN", "quay.io"),
        ("DOCKERHUB_USERNAME", None),
        ("DOCKER_REGISTRY", None),
        ("SECRET_PATTERN", None),
        ("NPM_TOKEN", None),
        ("", None),
    ],
)
def test_names_that_imply_a_registry(name: str, registry: str | None) -> None:
    assert implied_registry(name) == registry


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("git@github.com:acme/shop.git", "github.com", "acme/shop"),
        ("https://github.com/acme/shop", "github.com", "acme/shop"),
        ("ssh://git@gitlab.acme.example:2222/group/sub/project.git", "gitlab.acme.example", "group/sub/project"),
    ],
)
def test_remotes(url: str, host: str, path: str) -> None:
    assert parse_remote(url) == Remote(host, path)


def test_a_login_in_a_remote_is_left_out() -> None:
    token = random_token("ghp_", 36)
    found = parse_remote(f"https://bob:{token}@github.com/acme/shop.git")
    assert found == Remote("github.com", "acme/shop")
    for url in ("/srv/git/shop", "https://github.com/\u202ea/b c", "file:///x/y", "x"):
        assert parse_remote(url) is None, url


def test_the_remote_of_a_work_tree(tmp_path: Path) -> None:
    config = '[remote "fork"]\n\turl = git@github.com:me/shop\n[remote "origin"]\n\turl = git@github.com:acme/shop\n'
    write(tmp_path / "main/.git/config", config)
    write(tmp_path / "linked/.git", f"gitdir: {tmp_path}/main/.git/worktrees/linked\n")
    write(tmp_path / "main/.git/modules/sub/config", '[remote "origin"]\n\turl = https://github.com/acme/sub\n')
    write(tmp_path / "main/sub/.git", "gitdir: ../.git/modules/sub\n")
    write(tmp_path / "odd/.git", "gitdir: /etc/passwd\n")
    write(tmp_path / "broken/.git/config", '[remote "origin"\nurl')
    assert remote_of(tmp_path / "main") == remote_of(tmp_path / "linked") == Remote("github.com", "acme/shop")
    assert remote_of(tmp_path / "main/sub") == Remote("github.com", "acme/sub")
    for name in ("odd", "broken", "nothing"):
        assert remote_of(tmp_path / name) is None


def test_pages() -> None:
    assert github_secrets(None) == "https://github.com/OWNER/REPO/settings/secrets/actions"
    assert github_secrets(Remote("git.acme.example", "a/b")) == "https://git.acme.example/a/b/settings/secrets/actions"
    assert "OWNER/REPO" in github_secrets(Remote("gitlab.com", "a/b"))
    assert gitlab_variables(Remote("gitlab.acme.example", "a/b/c")).startswith("https://gitlab.acme.example/a/b/c/-/")
    assert "WORKSPACE/REPO" in bitbucket_variables(Remote("github.com", "a/b"))
    assert "acme/shop" in azure_connections(Remote("ssh.dev.azure.com", "v3/acme/shop/repo"))


def test_names_in_commands_are_quoted() -> None:
    assert "'a; rm -rf ~'" in kubernetes_pull_secret("a; rm -rf ~", "$(x)")
    assert "'$(x)'" in kubernetes_pull_secret("a", "$(x)")
