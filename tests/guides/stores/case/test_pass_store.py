"""The case store in a real password store with a real gpg key."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.case.pass_store import PassCaseStore
from guides.stores.case.store import CaseStore
from guides.stores.native import helper_store
from guides.stores.store import StoreError, StoreMissing, StoreRefused
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
    name = f"{secrets.token_hex(4)}/new"
    command = ["pass", "insert", "--multiline", f"dockhygiene/{name}"]
    subprocess.run(command, input=b"not ours\n", env=pass_environ, check=True, capture_output=True)
    with pytest.raises(StoreError, match="did not put it there"):
        store.get(name)
    store.erase(name)


def test_a_folder_of_that_name_is_left_alone(pass_environ: dict[str, str], store: CaseStore) -> None:
    case = secrets.token_hex(4)
    store.put(f"{case}/new", Secret("x"))
    assert store.get(case) is None
    store.erase(case)
    with pytest.raises(StoreRefused, match="folder"):
        store.put(case, Secret("y"))
    assert store.get(f"{case}/new") == Secret("x")
    store.erase(f"{case}/new")


def test_a_person_can_read_it_with_pass_itself(pass_environ: dict[str, str], store: CaseStore) -> None:
    name, value = f"{secrets.token_hex(4)}/new", secrets.token_hex(8)
    store.put(name, Secret(value))
    done = subprocess.run(["pass", "show", f"dockhygiene/{name}"], env=pass_environ, capture_output=True, text=True)
    assert done.stdout == f'"{value}"\n'
    store.erase(name)


def test_a_store_in_git() -> None:
    git = require("git", "git")
    with running_pass_store() as environ:
        identity = {f"GIT_{who}_{what}": "t@x.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        with_name = {**environ, **identity}
        subprocess.run(["pass", "git", "init"], env=with_name, check=True, capture_output=True)
        store = PassCaseStore.found(with_name)
        for value in ("one", "two"):
            store.put("aaaaaaaa/new", Secret(value))
        assert store.get("aaaaaaaa/new") == Secret("two")
        assert "git history" in store.probe().reason
        store.erase("aaaaaaaa/new")
        status = subprocess.run([git, "status", "--porcelain"], cwd=store.folder, env=with_name, capture_output=True)
        assert status.stdout == b""
