"""The case store over Python's keyring, run with its Secret Service backend: macOS and Windows were not run."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator

import pytest

from checks.model.secret import Secret
from guides.stores.case import keyring_store
from guides.stores.case.keyring_store import KeyringCaseStore
from guides.stores.case.store import CaseStore
from guides.stores.store import StoreLocked, StoreMissing, StoreRefused
from tests.guides.stores.case.contract import CaseStoreContract
from tests.services.secret_service import SecretServiceHome, running_secret_service


@pytest.fixture(scope="module")
def keyring_home() -> Iterator[SecretServiceHome]:
    with running_secret_service() as home:
        yield home


def enter(monkeypatch: pytest.MonkeyPatch, home: SecretServiceHome) -> KeyringCaseStore:
    """keyring uses the session of its own process."""
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, home.environ[name])
    monkeypatch.setattr(sys, "path", list(sys.path))
    return KeyringCaseStore(home.environ)


@pytest.fixture
def store(keyring_home: SecretServiceHome, monkeypatch: pytest.MonkeyPatch) -> CaseStore:
    return enter(monkeypatch, keyring_home)


class TestKeyring(CaseStoreContract):
    pass


def test_another_session_than_this_process_s_is_never_asked(keyring_home: SecretServiceHome, store: CaseStore) -> None:
    for environ in ({}, {**keyring_home.environ, "XDG_RUNTIME_DIR": "/elsewhere"}):
        elsewhere = KeyringCaseStore(environ)
        with pytest.raises(StoreMissing, match="session of this program"):
            elsewhere.names()
        assert not elsewhere.probe().works
    assert store.probe().works


def test_the_name_is_in_the_index_before_the_value_is_there(store: CaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{secrets.token_hex(4)}/new"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keyring_store.CaseKeyringItems, "store", killed)
        with pytest.raises(KeyboardInterrupt):
            store.put(name, Secret("x"))
    assert name in store.names()
    assert store.get(name) is None
    store.erase(name)
    assert name not in store.names()


def test_the_limit_of_windows(store: KeyringCaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_store.sys, "platform", "win32")
    with pytest.raises(StoreRefused, match="1280 characters"):
        store.write("aaaaaaaa/new", Secret("x" * 1280))


def test_a_locked_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_secret_service() as home:
        store = enter(monkeypatch, home)
        store.put("aaaaaaaa/new", Secret("x"))
        home.lock()
        with pytest.raises(StoreLocked, match="locked"):
            store.get("aaaaaaaa/new")
        home.unlock()
        assert store.get("aaaaaaaa/new") == Secret("x")
