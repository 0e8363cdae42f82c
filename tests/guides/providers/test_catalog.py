"""The right provider, and the right kind, for what a check found."""

from __future__ import annotations

import pytest

from guides.providers.catalog import kind_for, provider, provider_for


@pytest.mark.parametrize("wanted", [None, "", "ocir", "../docker-hub", "docker-hub.yaml", "catalog"])
def test_what_is_not_known_is_the_unknown_provider(wanted: str | None) -> None:
    assert provider(wanted).id == "unknown"


def test_a_provider_is_read_once() -> None:
    assert provider("ghcr") is provider("ghcr")


@pytest.mark.parametrize(
    ("wanted", "registry", "found"),
    [
        ("docker-hub", None, "docker-hub"),
        (None, "registry-1.docker.io", "docker-hub"),
        (None, "registry.example.com:5000", "unknown"),
        ("distribution", "registry.example.com:5000", "distribution"),
        ("ocir", "fra.ocir.io", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_by_id_or_by_host(wanted: str | None, registry: str | None, found: str) -> None:
    assert provider_for(wanted, registry).id == found


@pytest.mark.parametrize(
    ("wanted", "form", "username", "kind"),
    [
        ("docker-hub", "docker-hub-pat", "alice", "docker-hub-pat"),
        ("docker-hub", "docker-hub-oat", "acme", "docker-hub-oat"),
        ("docker-hub", "password", "alice", "docker-hub-password"),
        ("docker-hub", "identity-token", None, "docker-hub-web-login"),
        ("docker-hub", "jwt", "alice", "docker-hub-web-login"),
        ("ghcr", "github-pat", "alice", "github-pat"),
        ("ghcr", "github-refresh", "alice", "github-app"),
        ("ghcr", "github-server-to-server", "alice", "github-actions"),
        ("ghcr", "password", "alice", "github-older-token"),
        ("gitlab", "gitlab-pat", "alice", "gitlab-pat"),
        ("gitlab", "gitlab-pat", "project_42_bot_1f2e", "gitlab-access-token"),
        ("gitlab", "gitlab-pat", "group_7_bot", "gitlab-access-token"),
        ("gitlab", "gitlab-deploy", "chosen-by-hand", "gitlab-deploy"),
        ("gitlab", "password", "gitlab+deploy-token-5", "gitlab-deploy"),
        ("gitlab", "gitlab-job", "gitlab-ci-token", "gitlab-job"),
        ("gitlab", "password", "gitlab-ci-token", "gitlab-job"),
        ("gitlab", "password", "alice", "gitlab-password"),
        ("gitlab", "password", None, "gitlab-password"),
        ("quay", "password", "acme+ci", "quay-robot"),
        ("quay", "quay-robot-token", "alice", "quay-robot"),
        ("quay", "password", "$app", "quay-app-token"),
        ("quay", "password", "$oauthtoken", "quay-oauth-token"),
        ("quay", "password", "alice", "quay-password"),
        ("harbor", "password", "robot$shop+ci", "harbor-robot"),
        ("harbor", "password", "alice", "harbor-user"),
        ("ovh", "harbor-robot-secret", "robot$ci", "ovh-robot"),
        ("jfrog", "jfrog-reference", "alice", "jfrog-token"),
        ("jfrog", "jwt", "alice", "jfrog-token"),
        ("jfrog", "password", "alice", "jfrog-password"),
        ("nexus", "nexus-token", "a1b2", "nexus-user-token"),
        ("digitalocean", "digitalocean-pat", "alice", "digitalocean-pat"),
        ("digitalocean", "password", "alice", "digitalocean-login"),
        ("scaleway", "password", "nologin", "scaleway-key"),
        ("ibm", "password", "iamapikey", "ibm-key"),
        ("ibm", "jwt", "iambearer", "ibm-token"),
        ("red-hat", "jwt", "12345678|ci", "red-hat-service-account"),
        ("red-hat", "password", "alice", "red-hat-login"),
        ("distribution", "password", "bob", "htpasswd-user"),
        ("distribution", "identity-token", None, "identity-token"),
        ("distribution", "github-pat", "bob", "htpasswd-user"),
        ("unknown", "digitalocean-pat", "bob", "unknown"),
        ("unknown", "identity-token", None, "unknown"),
    ],
)
def test_the_kind_by_form_then_by_user_name(wanted: str, form: str, username: str | None, kind: str) -> None:
    assert kind_for(provider(wanted), form, username).id == kind


@pytest.mark.parametrize(
    ("wanted", "form", "username", "registry", "kind"),
    [
        ("ecr", "password", "AWS", "1.dkr.ecr.eu-west-1.amazonaws.com", "ecr-login"),
        ("ecr", "aws-secret-access-key", None, None, "aws-access-key"),
        ("google", "password", "_json_key", "europe-docker.pkg.dev", "google-service-account-key"),
        ("google", "password", "oauth2accesstoken", "gcr.io", "google-access-token"),
        ("google", "gcp-service-account-key", None, None, "google-service-account-key"),
        ("acr", "password", "acme", "acme.azurecr.io", "acr-admin"),
        ("acr", "password", "ci", "acme.azurecr.io", "acr-token"),
        ("acr", "password", "", "", "acr-token"),
        ("acr", "jwt", "00000000-0000-0000-0000-000000000000", "acme.azurecr.io", "acr-login-token"),
        ("acr", "password", "0f1e2d3c-0000-0000-0000-000000000000", "acme.azurecr.io", "acr-service-principal"),
    ],
)
def test_the_kinds_of_the_clouds(wanted: str, form: str, username: str | None, registry: str | None, kind: str) -> None:
    assert kind_for(provider(wanted), form, username, registry).id == kind


def test_a_hostile_user_name_is_no_pattern() -> None:
    assert kind_for(provider("gitlab"), "gitlab-pat", "*[project_]?" * 2000).id == "gitlab-pat"


def test_an_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="robot"):
        provider("ghcr").kind("robot")
    with pytest.raises(KeyError, match="__class__"):
        provider("ghcr").kinds[0].cells["__class__"]
