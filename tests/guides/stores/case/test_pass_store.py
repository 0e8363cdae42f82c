"""The case store in a real password store with a real gpg key."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.case.pass_store import PassCaseStore
from guides.stores.case.store import CaseStore
from guides.stores.native import helper_store
from guides.stores.store import StoreError, StoreMissing
from tests.guides.stores.case.contract import CaseStoreContract
from tests.services.pass_store import empty_gpg_home, running_pass_store
from tests.services.require import require


@pytest.fixture(scope="module")
def pass_environ() -> Iterator[dict[str, str]]:
    with running_pass_store() as environ:
        yield environ


@pytest.fixture
def store(pass_environ: dict[str, str]) -> CaseStore:
    return PassCaseStore.found(pass_environ)


class TestPass(CaseStoreContract):
    pass


def test_docker_s_helper_sees_none_of_it(pass_environ: dict[str, str], store: CaseStore) -> None:
    require("docker-credential-pass", "golang-docker-credential-helpers")
    helper = helper_store("pass", pass_environ)
    name = f"{secrets.token_hex(4)}/new"
    store.put(name, Secret(secrets.token_hex(8)))
    assert helper.list() == {}
    store.erase(name)


def test_without_a_key_it_is_missing() -> None:
    with empty_gpg_home() as environ, pytest.raises(StoreMissing, match="no password store yet"):
        PassCaseStore.found(environ)


def test_without_pass_it_is_missing(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="not on PATH"):
        PassCaseStore.found({"HOME": str(tmp_path), "PATH": str(tmp_path)})


def test_a_key_that_is_gone_says_so(pass_environ: dict[str, str], store: CaseStore, tmp_path: Path) -> None:
    name = f"{secrets.token_hex(4)}/new"
    value = secrets.token_hex(8)
    store.put(name, Secret(value))
    tmp_path.chmod(0o700)
    elsewhere = PassCaseStore.found({**pass_environ, "GNUPGHOME": str(tmp_path)})
    with pytest.raises(StoreError) as failed:
        elsewhere.get(name)
    assert value not in str(failed.value)
    assert not elsewhere.probe().works
    assert store.get(name) == Secret(value)
    store.erase(name)


def test_what_somebody_else_put_there_is_not_read(pass_environ: dict[str, str], store: CaseStore) -> None:
    assert isinstance(store, PassCaseStore)
    name = f"{secrets.token_hex(4)}/new"
    store._run(["insert", "--multiline", "--force", f"dockhygiene/{name}"], b"not ours\n")
    with pytest.raises(StoreError, match="did not put there"):
        store.get(name)
    store.erase(name)
