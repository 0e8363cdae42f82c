"""The providers' files hold the whole capability matrix, and what a person reads in them is plain and complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import pytest

from checks.formats.registry_names import HUB_SHADOWS, provider_of
from checks.model.token_kinds import TOKEN_KINDS
from guides.providers.catalog import PROVIDERS, UNKNOWN, provider
from guides.providers.provider import CELLS, Can, CredentialKind, Proof, Provider

Y, C, B, N = Can.YES, Can.CONDITION, Can.BROWSER, Can.NO
MATRIX = {
    # new with the old one, new by the owner, verify, revoke, revoke itself, disable, last used, access log
    "docker-hub-pat": (N, C, Y, C, N, Y, C, C),
    "docker-hub-oat": (N, C, Y, C, N, Y, Y, C),
    "docker-hub-password": (C, B, Y, B, N, N, N, C),
    "docker-hub-web-login": (N, B, Y, Y, Y, N, N, N),
    "github-pat": (N, B, Y, Y, Y, N, B, C),
    "gitlab-pat": (C, C, Y, Y, Y, N, Y, C),
    "gitlab-access-token": (C, Y, Y, Y, Y, N, Y, C),
    "gitlab-deploy": (N, Y, Y, Y, N, N, N, N),
    "aws-access-key": (C, Y, Y, Y, C, Y, Y, Y),
    "google-service-account-key": (C, Y, Y, Y, C, Y, Y, C),
    "acr-token": (N, Y, Y, Y, N, Y, N, C),
    "quay-robot": (N, Y, Y, Y, N, N, C, Y),
    "harbor-robot": (C, Y, Y, Y, C, Y, N, Y),
    "jfrog-token": (Y, Y, Y, Y, Y, N, N, N),
    "nexus-user-token": (N, B, Y, C, N, N, N, N),
    "digitalocean-pat": (C, Y, Y, B, N, N, N, N),
    "scaleway-key": (C, Y, Y, Y, C, N, N, Y),
    "ovh-robot": (C, Y, Y, Y, N, Y, N, Y),
    "ibm-key": (Y, Y, Y, Y, C, Y, Y, C),
    "red-hat-service-account": (N, B, Y, B, N, N, N, N),
    "htpasswd-user": (N, C, Y, C, N, N, N, C),
}
"""The research's capability matrix; a condition is C, file edits and logs of one's own server too."""

# What a text may not be: a promise, a slogan, or we talking of ourselves.
_SLOGANS = re.compile(
    r"\b(we|we're|our|ours|us|seamless\w*|robust|powerful|simply|easily|best-in-class)\b", re.IGNORECASE
)


def every() -> Iterator[tuple[Provider, CredentialKind]]:
    return ((known, kind) for known in map(provider, PROVIDERS) for kind in known.kinds)


KINDS = [pytest.param(known, kind, id=kind.id) for known, kind in every()]


def test_each_file_is_a_provider_of_its_name() -> None:
    folder = resources.files("guides.providers")
    files = {file.name for file in folder.iterdir() if file.name.endswith(".yaml")}
    assert files == {f"{name}.yaml" for name in PROVIDERS}
    assert all(provider(name).id == name for name in PROVIDERS)


@pytest.mark.parametrize("kind_id", MATRIX)
def test_the_capability_matrix(kind_id: str) -> None:
    kind = next(kind for _, kind in every() if kind.id == kind_id)
    assert tuple(kind.cells[name].can for name in CELLS) == MATRIX[kind_id]


def test_hosts_and_forms_lead_to_the_file_that_names_them() -> None:
    """The table of the checks and the files agree on who issued what."""
    for name in PROVIDERS:
        for host in set(provider(name).hosts) - (HUB_SHADOWS - {"docker.io"}):
            assert provider_of(host, "password") == name, host
    for kind in TOKEN_KINDS:
        if kind.provider in PROVIDERS:
            held = provider(kind.provider).kinds
            assert [one for one in held if kind.id in one.forms], kind.id


def test_hosts_that_may_see_a_secret_are_named_once_and_the_api_is_one_of_them() -> None:
    for name in PROVIDERS:
        known = provider(name)
        assert not set(known.hosts) & set(known.realms)
        assert not known.api_host or known.api_host in known.realms


@pytest.mark.parametrize(("known", "kind"), KINDS)
def test_texts_are_short_plain_and_whole(known: Provider, kind: CredentialKind) -> None:
    texts = [kind.unlocks, kind.rights, kind.expiry, kind.revoke_effect, kind.remaining_life, *kind.traps]
    texts += [known.lockout, *known.log_blind_spots, *(kind.cells[name].how for name in CELLS)]
    for text in texts:
        assert not _SLOGANS.search(text), text
        assert text[0].isupper() or text.startswith(("read:", "read_", "docker ", "ghcr.io", "gh ")), text
        assert text[-1] in '.)":' and len(text.split()) <= 60, text
    assert 2 <= len(re.findall(r"\.(?:\s|\)|$)", kind.unlocks)) <= 4, kind.unlocks
    assert kind.choices and kind.rights


@pytest.mark.parametrize(("known", "kind"), KINDS)
def test_proofs_say_no_more_than_was_proven(known: Provider, kind: CredentialKind) -> None:
    """What only stands in issue threads, or is a guess, is not called documented."""
    for name in CELLS:
        cell = kind.cells[name]
        marks = set(re.findall(r"S2|S|M|I", cell.source.rpartition("(")[2]))
        if cell.proof is Proof.DOCUMENTED:
            assert marks & {"S", "S2"}, (name, cell.source)
        if not marks & {"S", "S2"}:
            assert cell.proof is not Proof.DOCUMENTED, (name, cell.source)


@pytest.mark.parametrize(("known", "kind"), KINDS)
def test_what_a_program_does_has_a_program(known: Provider, kind: CredentialKind) -> None:
    """A kind without a client is done in the browser: it needs a page, unless the server is one's own or unknown."""
    if not kind.client and known.id not in (UNKNOWN, "distribution"):
        assert kind.links.manage
    if kind.client and known.api_host:
        assert kind.links.create and kind.links.manage


@pytest.mark.parametrize(("known", "kind"), KINDS)
def test_one_looks_in_all_four_ways(known: Provider, kind: CredentialKind) -> None:
    assert [look.way for look in kind.looks] == ["M1", "M2", "M3", "M4"]
    for look in kind.looks:
        address = kind.look_link(look, host="gitlab.com", project="a/b", repository="a/b", namespace="a", username="a")
        assert address.startswith("https://") or look.where in ("api", "server")


def test_the_scope_is_filled_in_where_the_provider_allows_it() -> None:
    assert provider("ghcr").kind("github-pat").link("create", name="dockhygiene laptop") == (
        "https://github.com/settings/tokens/new?scopes=read:packages&description=dockhygiene%20laptop"
    )
    page = provider("gitlab").kind("gitlab-pat")
    assert page.link("create", name="ci", host="git.example.com:8443", pushes=True) == (
        "https://git.example.com:8443/-/user_settings/personal_access_tokens?name=ci&scopes=read_registry,write_registry"
    )
    assert provider("unknown").kinds[0].link("create", name="x") == ""


def test_rotate_calls_that_kill_are_named() -> None:
    for kind_id in ("gitlab-pat", "gitlab-access-token"):
        kills = provider("gitlab").kind(kind_id).kills_at_once
        assert any("/rotate" in one.call and "family" in one.reason for one in kills)
    assert any("Regenerate" in one.call for one in provider("ghcr").kind("github-pat").kills_at_once)
    assert any("rotate" in one.call for one in provider("unknown").kinds[0].kills_at_once)


def test_blind_spots_are_said() -> None:
    assert "no pull events" in " ".join(provider("docker-hub").log_blind_spots)
    assert all(provider(name).log_blind_spots and provider(name).lockout for name in PROVIDERS)


def test_the_web_login_says_that_logging_out_is_not_enough() -> None:
    kind = provider("docker-hub").kind("docker-hub-web-login")
    assert "delete the personal access token" in " ".join(kind.traps)
    assert "lives on until it is deleted" in kind.revoke_effect
