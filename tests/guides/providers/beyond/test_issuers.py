"""The short files of issuers beyond registries: complete, plain, with forms that exist; and whose a secret is."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from checks.detect.rule_book import written_rules
from checks.model.credential import group
from checks.model.secret import Secret
from checks.model.token_kinds import TOKEN_KINDS
from guides.case.looking import look
from guides.providers.beyond.catalog import BEYOND, OTHER, beyond, issuer_of
from guides.providers.beyond.short import read_issuer
from guides.providers.catalog import PROVIDERS, kind_for, provider
from guides.providers.provider import CELLS, Can, CredentialKind, Proof
from guides.providers.reading import ProviderError
from tests.checks.conftest import random_password, random_token
from tests.guides.case.scene import Scene
from tests.guides.providers.test_provider_files import _SLOGANS

KINDS = [kind for name in BEYOND for kind in provider(name).kinds]
NO_PAGE = ("npm", "pypi", "database", "signing-secret", "private-key", "vault", OTHER)
"""Package registries are named by the way through their menus; the others have no page that is the same for all."""
PACKAGE_REGISTRIES = {"npmjs", "pypi", "rubygems", "crates", "nuget", "packagist"}


def addresses(kind: CredentialKind) -> list[str]:
    found = [kind.links.create, kind.links.manage, kind.links.log, *(look.where for look in kind.looks)]
    return [address for address in found if address]


def test_each_file_is_an_issuer_of_its_name_beside_the_registries() -> None:
    folder = resources.files("guides.providers.beyond")
    assert {file.name for file in folder.iterdir() if file.name.endswith(".yaml")} == {f"{one}.yaml" for one in BEYOND}
    assert all(provider(name).id == name for name in BEYOND)
    assert not set(BEYOND) & set(PROVIDERS)
    assert beyond("docker-hub") is None and beyond(None) is None


def test_every_form_is_known_to_a_rule_and_belongs_to_one_kind() -> None:
    known = {rule["id"] for rule in written_rules()} | {kind.id for kind in TOKEN_KINDS}
    forms = [form for kind in KINDS for form in kind.forms if form != "password"]
    assert set(forms) <= known
    assert len(forms) == len(set(forms))


def test_every_kind_is_complete_and_says_no_more_than_is_known() -> None:
    for kind in KINDS:
        texts = [kind.unlocks, kind.rights, kind.expiry, kind.revoke_effect, *kind.traps, kind.cells.revoke.how]
        texts += [look.look_for for look in kind.looks] + list(kind.choices)
        for text in texts:
            assert text and not _SLOGANS.search(text), (kind.id, text)
            assert len(text.split()) <= 60, (kind.id, text)
        assert all(text[-1] == "." for text in texts[:4]), kind.id
        assert {look.way for look in kind.looks} == {"M1", "M2", "M3", "M4"}
        for name in CELLS:
            cell = kind.cells[name]
            if kind.client and name in ("verify", "revoke_itself"):
                assert (cell.can, cell.proof) == (Can.YES, Proof.DOUBLE)
                continue
            assert cell.can in (Can.BROWSER, Can.NO), (kind.id, name)
            read = re.search(r"\(S", cell.source) is not None
            assert cell.proof in ((Proof.DOCUMENTED, Proof.UNPROVEN) if read else (Proof.UNPROVEN,)), (kind.id, name)


def test_every_address_is_a_page_and_none_a_package_registry() -> None:
    for name in BEYOND:
        for kind in provider(name).kinds:
            for address in addresses(kind):
                assert urlsplit(address).scheme == "https"
                assert not PACKAGE_REGISTRIES & set(urlsplit(address).netloc.split(".")), address
            if name in NO_PAGE:
                assert not kind.links.create
            elif kind.id != "gitlab-other":
                assert kind.links.create and kind.links.manage, kind.id


def test_a_file_with_a_fault_is_refused() -> None:
    text = (resources.files("guides.providers.beyond") / "npm.yaml").read_text()
    for wrong, says in (
        (text.replace("(S)", ""), "source"),
        (text.replace("prevent:", "prevents:"), "prevents"),
        (text.replace("{name}", "{nobody}"), "nobody"),
    ):
        with pytest.raises(ProviderError, match=says):
            read_issuer(wrong.encode(), "npm.yaml")


HELD = {
    "OPENAI_API_KEY": ("openai", "openai-key"),
    "GITHUB_TOKEN": ("github", "github-token"),
    "GHCR_TOKEN": None,
    "GITLAB_TOKEN": ("gitlab-code", "gitlab-token"),
    "CI_REGISTRY_PASSWORD": None,
    "NPM_TOKEN": ("npm", "npm-token"),
    "DATABASE_URL": ("database", "database-password"),
    "REDIS_PASSWORD": ("database", "database-password"),
    "JWT_SECRET": ("signing-secret", "signing-secret"),
    "TWILIO_AUTH_TOKEN": ("twilio", "twilio-secret"),
    "DOCKER_PASSWORD": None,
    "REGISTRY_PASSWORD": None,
    "ADMIN_PASSWORD": (OTHER, "other-secret"),
}
"""Variables of a file, and whose their values are: None for a registry's."""


def value_for(name: str) -> str:
    prefix = {"GITHUB": "ghp_", "GHCR": "ghp_", "GITLAB": "glpat-", "CI": "glpat-", "NPM": "npm_"}.get(
        name.partition("_")[0]
    )
    if name == "DATABASE_URL":
        return f"postgres://shop:{random_password()}@db.internal:5432/shop"
    return random_token(prefix, 36 if prefix[0] != "g" or prefix == "ghp_" else 20) if prefix else random_password()


def test_whose_a_secret_is(tmp_path: Path) -> None:
    """As the check of such files finds it: by the token's form, else by the variable's name."""
    tmp_path.chmod(0o700)
    scene = Scene(tmp_path, Secret(""))
    file = scene.write("shop/.env", "".join(f"{name}={value_for(name)}\n" for name in HELD))
    found = group(look(scene.workstation, lambda _: True, [str(file)]), scene.workstation.key)
    told = {}
    for one in found:
        issuer = issuer_of(one)
        told[one.findings[0].locator] = issuer and (issuer, kind_for(provider(issuer), one.kind, one.username).id)
    assert told == HELD
