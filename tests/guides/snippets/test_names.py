"""Names come from findings, and nothing that could be code comes with them."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity
from checks.model.secret import Secret
from guides.snippets.catalog import NoSuchSnippet, find, language, snippets, snippets_for
from guides.snippets.names import NameNotUsable, Names, names_of
from guides.snippets.template import Source
from tests.checks.conftest import random_token

HOSTILE = "x\"; import os; os.system('id') #\n"


def found(registry: str = "", user: str = "", locator: str = "", place: Place = Place("/home/a/app.py")) -> Finding:  # noqa: B008
    secret = Secret(random_token("ghp_", 36))
    return Finding(
        "source-text", "r", "t", Severity.HIGH, Confidence.CERTAIN, place, secret, registry or None, user, "", locator
    )


def test_the_names_of_a_finding() -> None:
    names = names_of([found(), found("ghcr.io", "alice", "HUB_TOKEN#2")])
    assert names == Names("HUB_TOKEN", "docker/ghcr.io", "password", "ghcr.io", "alice")
    assert names_of([found("registry.acme.org:5000")]).variable == "REGISTRY_ACME_ORG_TOKEN"
    assert names_of([found("127.0.0.1:5000")]).variable == "REGISTRY_127_0_0_1_TOKEN"
    assert names_of([found("ghcr.io")], "CI_TOKEN").variable == "CI_TOKEN"
    variable = Place("DEPLOY_KEY", PlaceKind.ENVIRONMENT)
    assert names_of([found(locator="value", place=variable)]).variable == "DEPLOY_KEY"
    assert Names(registry="docker.io").server == "https://index.docker.io/v1/"


def test_a_hostile_finding_gives_harmless_names() -> None:
    names = names_of([found(HOSTILE, HOSTILE, HOSTILE)], HOSTILE)
    assert names.registry == Names().registry and names.user == Names().user
    assert names.variable == "GHCR_TOKEN", "made of the provider, as the token's form tells it"


@pytest.mark.parametrize(
    ("what", "text"),
    [("variable", "A-B"), ("variable", "1A"), ("variable", ""), ("path", "a\nb"), ("path", "a//b"), ("path", "../a"),
     ("path", "//a"), ("path", "a/"),
     ("path", ""), ("path", "x" * 257), ("field", "a\u202eb"), ("field", "\x1b[31m"), ("user", "a\u2028b"),
     ("registry", "ghcr.io/x"), ("registry", "a b"), ("registry", "-a")],
    ids=str,
)  # fmt: skip
def test_what_no_snippet_may_hold_is_refused(what: str, text: str) -> None:
    with pytest.raises(NameNotUsable):
        Names(**{what: text})


def test_every_language_has_the_sources_that_were_asked_for() -> None:
    for name in ("python", "javascript", "go", "java", "ruby", "php", "csharp", "rust", "bash"):
        assert {one.source for one in snippets(language(name))} == set(Source), name
    assert {one.source for one in snippets(language("kubernetes-pull"))} == set(Source)


def test_a_snippet_is_found_by_what_people_call_it() -> None:
    assert find(language("TypeScript"), Source.VAULT).uses == "node-vault"
    assert find(language("ts"), Source.VAULT, plain=True).uses == "fetch"
    assert find(language("c#"), Source.ENV).language.id == "csharp"
    with pytest.raises(NoSuchSnippet, match="it has env, aws, vault"):
        find(language("gitlab"), Source.CONJUR)
    with pytest.raises(NoSuchSnippet, match="leave --plain out for vaultrs"):
        find(language("rust"), Source.VAULT, plain=True)
    with pytest.raises(NoSuchSnippet, match="in python, javascript"):
        language("cobol")


@pytest.mark.parametrize(
    ("path", "first"),
    [("a/app.tsx", "javascript"), ("a/docker-compose.prod.yml", "compose"), ("a/api.Dockerfile", "buildkit"),
     ("a/.github/workflows/x.yml", "github-actions"), (".gitlab-ci.yml", "gitlab-ci"), ("a/.env", "python")],
)  # fmt: skip
def test_what_suits_the_file_comes_first(path: str, first: str) -> None:
    listed = snippets_for([PurePath(path)])
    assert listed[0].language.id == first
    assert len(listed) == len(snippets())


def test_every_snippet_names_what_to_install_first() -> None:
    for one in snippets():
        head = [line for line in one.text.splitlines()[:3] if line.lstrip().startswith(("#", "//"))]
        assert head, one.title
        assert all(len(line) <= 160 for line in one.text.splitlines()), one.title
