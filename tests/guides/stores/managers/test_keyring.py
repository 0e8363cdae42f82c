"""The system keyring: a real gnome-keyring."""

from __future__ import annotations

import secrets
import sys
from contextlib import closing

import pytest
import secretstorage

from checks.model.secret import Secret
from guides.stores.case.secret_service import SecretServiceCaseStore
from guides.stores.managers.keyring import KeyringManager
from guides.stores.managers.keyring_items import OtherItems
from guides.stores.managers.manager import Manager, Setting
from guides.stores.store import StoreLocked, StoreMissing, StoreRefused
from tests.guides.stores.managers.contract import ManagerContract
from tests.services.secret_service import SecretServiceHome, running_secret_service


class TestKeyring(ManagerContract):
    odd = ()  # a name here is no path

    @pytest.fixture
    def manager(self, keyring_home: SecretServiceHome) -> Manager:
        return KeyringManager(Setting(keyring_home.environ))

    @pytest.fixture
    def name(self, fresh: str) -> str:
        return f"docker/{fresh}"


def test_other_programs_find_it_by_its_attributes_and_cases_do_not(keyring_home: SecretServiceHome, fresh: str) -> None:
    manager = KeyringManager(Setting(keyring_home.environ))
    manager.put(fresh, "token", Secret("value"))
    with closing(keyring_home.connect()) as connection:
        (item,) = secretstorage.search_items(connection, {"name": fresh, "field": "token"})
        assert item.get_secret() == b"value"
    assert fresh not in SecretServiceCaseStore(keyring_home.environ).names()
    with pytest.raises(StoreRefused):
        manager.get("x" * 501)


def test_locked_and_not_there() -> None:
    with running_secret_service() as home:
        manager = KeyringManager(Setting(home.environ))
        manager.put("x", "", Secret("held"))
        home.lock()
        with pytest.raises(StoreLocked, match="prompt"):
            manager.get("x")
        home.unlock()
        assert manager.get("x") == Secret("held")
    assert not KeyringManager(Setting({})).probe().works
    with pytest.raises(StoreMissing):
        KeyringManager(Setting({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"})).get("x")


def test_the_way_of_other_systems(keyring_home: SecretServiceHome, monkeypatch: pytest.MonkeyPatch, fresh: str) -> None:
    """Run with keyring's Secret Service backend: macOS and Windows were not run."""
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, keyring_home.environ[name])
    monkeypatch.setattr(sys, "path", list(sys.path))
    items, value = OtherItems.found(), secrets.token_hex(8)
    items.hold(fresh, "a#b", value)
    assert (items.value(fresh, "a#b"), items.value(f"{fresh}#a", "b")) == (value, None)
    items.drop(fresh, "a#b")
    assert items.value(fresh, "a#b") is None
