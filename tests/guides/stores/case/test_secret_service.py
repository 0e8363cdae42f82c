"""The case store on a real gnome-keyring."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from checks.model.secret import Secret
from guides.stores.case.secret_service import SecretServiceCaseStore
from guides.stores.case.store import CaseStore
from guides.stores.helper import HelperStore
from guides.stores.native import helper_store
from guides.stores.store import StoreLocked, StoreMissing
from tests.guides.stores.case.contract import CaseStoreContract
from tests.services.require import require
from tests.services.secret_service import SecretServiceHome, running_bus, running_secret_service


@pytest.fixture(scope="module")
def keyring_home() -> Iterator[SecretServiceHome]:
    with running_secret_service() as home:
        yield home


@pytest.fixture
def store(keyring_home: SecretServiceHome) -> CaseStore:
    return SecretServiceCaseStore(keyring_home.environ)


class TestSecretService(CaseStoreContract):
    pass


def test_docker_s_helper_sees_none_of_it(keyring_home: SecretServiceHome, store: CaseStore) -> None:
    """What a helper lists goes to the daemon with every classic build."""
    require("docker-credential-secretservice", "golang-docker-credential-helpers")
    helper: HelperStore = helper_store("secretservice", keyring_home.environ)
    name = f"{secrets.token_hex(4)}/new"
    store.put(name, Secret(secrets.token_hex(8)))
    assert name not in str(helper.list())
    assert helper.get(name) is None
    assert not [server for server in helper.list() if "dockhygiene case" in server]
    store.erase(name)


def test_a_locked_keyring() -> None:
    with running_secret_service() as home:
        store = SecretServiceCaseStore(home.environ)
        store.put("aaaaaaaa/new", Secret("x" * 8))
        home.lock()
        with pytest.raises(StoreLocked):
            store.get("aaaaaaaa/new")
        assert not store.probe().works


def test_no_keyring_on_the_bus_and_no_bus() -> None:
    with running_bus() as home, pytest.raises(StoreMissing):
        SecretServiceCaseStore(home.environ).get("aaaaaaaa/new")
    for environ in ({}, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/no-such-bus"}, {"DBUS_SESSION_BUS_ADDRESS": "junk"}):
        with pytest.raises(StoreMissing, match="D-Bus"):
            SecretServiceCaseStore(environ).get("aaaaaaaa/new")
