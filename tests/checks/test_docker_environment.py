from __future__ import annotations

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import docker_environment
from checks.detect.registry_variables import is_placeholder, registry_variable
from checks.model.finding import Confidence, PlaceKind, Severity
from checks.model.secret import Secret
from tests.checks.conftest import MakeWorkstation, Seen, encoded, random_password, random_token, seen


@pytest.fixture
def look(workstation: MakeWorkstation):  # type: ignore[no-untyped-def]
    def run(**environment: str) -> Seen:
        return seen(docker_environment.survey(workstation(environment)))

    return run


@pytest.mark.parametrize(
    ("name", "siblings", "registry", "username"),
    [
        ("DOCKER_PASSWORD", {"DOCKER_USERNAME": "ann"}, "docker.io", "ann"),
        ("DOCKER_PASSWORD", {"DOCKER_HOST": "tcp://h:2375"}, "docker.io", None),
        ("DOCKER_PASSWORD", {"DOCKER_REGISTRY": "ghcr.io", "DOCKER_USER": "ann"}, "ghcr.io", "ann"),
        ("DOCKER_PASSWORD", {"REGISTRY": "https://r.example.com/v2/"}, "r.example.com", None),
        ("DOCKERHUB_TOKEN", {"DOCKERHUB_USERNAME": "ann"}, "docker.io", "ann"),
        ("DOCKER_HUB_PASSWORD", {}, "docker.io", None),
        ("DOCKER_TOKEN", {}, "docker.io", None),
        ("DOCKER_PAT", {}, "docker.io", None),
        ("CR_PAT", {}, "ghcr.io", None),
        ("GHCR_TOKEN", {"GHCR_USER": "ann"}, "ghcr.io", "ann"),
        ("GHCR_PAT", {}, "ghcr.io", None),
        ("CI_REGISTRY_PASSWORD", {"CI_REGISTRY": "r.example.com", "CI_REGISTRY_USER": "ann"}, "r.example.com", "ann"),
        ("CI_JOB_TOKEN", {"CI_REGISTRY": "r.example.com", "CI_JOB_ID": "7"}, "r.example.com", None),
        ("CI_DEPLOY_PASSWORD", {"CI_DEPLOY_USER": "ann"}, None, "ann"),
        ("REGISTRY_PASSWORD", {"REGISTRY": "r.example.com", "REGISTRY_USERNAME": "ann"}, "r.example.com", "ann"),
        ("REGISTRY_TOKEN", {}, None, None),
        ("QUAY_ROBOT_TOKEN", {"QUAY_ROBOT_USER": "a+b"}, "quay.io", "a+b"),
        ("HARBOR_PASSWORD", {"HARBOR_URL": "https://h.example.com"}, "h.example.com", None),
        ("ARTIFACTORY_API_KEY", {"ARTIFACTORY_HOST": "a.jfrog.io"}, "a.jfrog.io", None),
        ("ACR_PASSWORD", {"ACR_NAME": "Acme"}, "acme.azurecr.io", None),
        ("ACR_PASSWORD", {"ACR_LOGIN_SERVER": "x.azurecr.io"}, "x.azurecr.io", None),
        ("NEXUS_PASSWORD", {}, None, None),
        ("ACME_REGISTRY_PASSWORD", {"ACME_REGISTRY": "r.acme.test"}, "r.acme.test", None),
        ("ACME_REGISTRY_SECRET", {"ACME_REGISTRY_LOGIN": "ann"}, None, "ann"),
        ("docker_password", {"docker_user": "ann"}, "docker.io", "ann"),
    ],
)
def test_names_that_speak(name, siblings, registry, username, look) -> None:  # type: ignore[no-untyped-def]
    password = random_password()
    (finding,) = look(**{name: password}, **siblings).findings
    assert finding.secret == Secret(password)
    assert (finding.registry, finding.username) == (registry, username)
    assert (finding.place.kind, finding.place.path) == (PlaceKind.ENVIRONMENT, name)
    assert f"unset {name}" in finding.advice
    assert password not in repr(finding)


@pytest.mark.parametrize(
    "name",
    [
        "DOCKER_HOST",
        "DOCKER_USERNAME",
        "DOCKER_PASSWORD_FILE",
        "DOCKER_BUILDKIT",
        "PASSWORD",
        "NPM_REGISTRY_TOKEN",
        "SCHEMA_REGISTRY_PASSWORD",
        "REGISTRY_HTTP_SECRET",
        "OSCR_TOKEN",
        "DOCKER_TOKENS_LEFT",
    ],
)
def test_names_that_say_nothing(name: str, look) -> None:  # type: ignore[no-untyped-def]
    assert not look(**{name: random_password()}).findings


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "changeme", "CHANGE_ME", "xxxx", "****", "<token>", "<your password>", "${TOKEN}", "$TOKEN"),
        *("%TOKEN%", "${{ secrets.X }}", "{{ token }}", "your-token", "my_secret_token", "password", "none", "null"),
        *("true", "...", "replace-me-please", "'<token>'", "REDACTED"),
    ],
)
def test_placeholders_are_no_secrets(value: str, look) -> None:  # type: ignore[no-untyped-def]
    assert is_placeholder(value)
    assert not look(DOCKER_PASSWORD=value).findings


@pytest.mark.parametrize("value", ["hunter2", "Password1!", "correct horse", "token-of-9f", "a<b>c"])
def test_poor_passwords_are_secrets_all_the_same(value: str) -> None:
    assert not is_placeholder(value)


def test_a_token_is_known_by_its_form_under_any_name(look) -> None:  # type: ignore[no-untyped-def]
    token = random_token("ghp_", 36)
    (finding,) = look(WHATEVER=token).findings
    assert (finding.registry, finding.severity, finding.confidence) == (
        "ghcr.io",
        Severity.CRITICAL,
        Confidence.CERTAIN,
    )
    jwt = random_token("eyJ", 80)
    assert not look(WHATEVER=jwt).findings
    assert look(REGISTRY_TOKEN=jwt).findings


def test_the_path_of_a_file_is_only_possibly_a_secret(look) -> None:  # type: ignore[no-untyped-def]
    (finding,) = look(DOCKER_PASSWORD="/run/secrets/docker").findings
    assert finding.confidence is Confidence.POSSIBLE


def test_an_encoded_login(look) -> None:  # type: ignore[no-untyped-def]
    password = random_password()
    (finding,) = look(DOCKER_AUTH=encoded("ann", password)).findings
    assert (finding.secret, finding.username) == (Secret(password), "ann")
    assert not look(REGISTRY_AUTH="htpasswd").findings


@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_with_a_password(name: str, look) -> None:  # type: ignore[no-untyped-def]
    (finding,) = look(**{name: "http://ann:p%40ss@proxy.test:3128/"}).findings
    assert (finding.rule, finding.secret, finding.username) == ("proxy-password", Secret("p@ss"), "ann")
    assert not look(**{name: "http://proxy.test:3128"}).findings


def test_docker_auth_config(look) -> None:  # type: ignore[no-untyped-def]
    password = random_password()
    document = {"auths": {"ghcr.io": {"auth": encoded("ann", password)}}}
    (finding,) = look(DOCKER_AUTH_CONFIG=json.dumps(document)).findings
    assert (finding.secret, finding.registry, finding.title) == (Secret(password), "ghcr.io", "plain-text login")
    assert finding.place.kind is PlaceKind.ENVIRONMENT
    assert "unset DOCKER_AUTH_CONFIG" in finding.advice


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d, e: json.dumps(d | {"credsStore": "x"}), "unknown field `credsStore`"),
        (lambda d, e: json.dumps({"auths": {"h": e | {"email": "x"}}}), "unknown field `email`"),
        (lambda d, e: json.dumps(d) + "{}", "something follows"),
        (lambda d, e: json.dumps({"auths": {"h": e, "i": {}}}), "no `auth` for i"),
        (lambda d, e: json.dumps({"auths": {"h": e, "i": {"auth": "YWJj"}}}), "no colon"),
    ],
)
def test_docker_auth_config_that_docker_ignores(change, words: str, look) -> None:  # type: ignore[no-untyped-def]
    entry = {"auth": encoded("ann", random_password())}
    found = look(DOCKER_AUTH_CONFIG=change({"auths": {"h": entry}}, entry))
    login = found.one("plain-text-login")
    assert "docker ignores" in login.title
    assert words in login.title
    assert found.rule("ignored-variable") or found.rule("malformed-login")


def test_no_file_is_an_environment(workstation: MakeWorkstation, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert not docker_environment.claims(tmp_path / "config.json")
    assert list(docker_environment.read(workstation(), tmp_path)) == []


def test_one_look_is_reported(look) -> None:  # type: ignore[no-untyped-def]
    assert [one.path for one in look(A="b").looked] == ["environment"]


@given(st.dictionaries(st.text(string.printable, min_size=1), st.text(), max_size=5))
def test_any_environment_is_read(environment: dict[str, str]) -> None:
    for name, value in environment.items():
        registry_variable(name, value, environment)
        is_placeholder(value)


@pytest.mark.timeout(60)
def test_long_names_and_values_are_no_trap() -> None:
    for name in ("A_" * 100_000, "DOCKER_" * 14, "REGISTRY_" * 11 + "X"):
        registry_variable(name, "x" * 100_000, {})
    is_placeholder("<" * 100_000)
