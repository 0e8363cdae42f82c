"""The case store of the demo: apart from what its docker helper serves."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.demo.store import DemoStore
from guides.stores.case.catalog import case_stores, first_working
from guides.stores.case.demo_store import DemoCaseStore
from guides.stores.case.store import CaseStore
from guides.stores.native import helper_store
from guides.stores.store import StoreMissing
from tests.guides.stores.case.contract import CaseStoreContract


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("d")
    with DemoStore(folder):
        yield folder


@pytest.fixture
def store(home: Path) -> CaseStore:
    return DemoCaseStore(home)


class TestDemo(CaseStoreContract):
    pass


def environ(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.pathsep.join((str(home / ".local/bin"), "/usr/bin", "/bin"))}


def test_the_demo_s_helper_sees_none_of_it(home: Path, store: CaseStore) -> None:
    name = f"{secrets.token_hex(4)}/new"
    store.put(name, Secret(secrets.token_hex(8)))
    helper = helper_store("demo", environ(home))
    assert helper.list() == {}
    assert helper.get(name) is None
    store.erase(name)


def test_in_the_demo_it_is_the_only_one(home: Path) -> None:
    assert [type(one) for one in case_stores(environ(home))] == [DemoCaseStore]
    chosen, tried = first_working(environ(home))
    assert isinstance(chosen, DemoCaseStore) and not tried


def test_when_the_demo_has_ended(tmp_path: Path) -> None:
    with DemoStore(tmp_path):
        store = DemoCaseStore(tmp_path)
        store.put("aaaaaaaa/new", Secret("x" * 8))
    with pytest.raises(StoreMissing, match="has ended"):
        store.get("aaaaaaaa/new")
