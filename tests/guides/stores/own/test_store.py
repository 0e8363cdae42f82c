"""The contract against our own helper, installed as one file, on a real keyring."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from checks.model.secret import Secret
from guides.stores.own.store import SECRET_BYTES, own_store
from guides.stores.store import Record, Store, StoreLocked, StoreMissing, StoreRefused
from tests.guides.stores.contract import StoreContract, fresh
from tests.services.secret_service import running_bus, running_secret_service


class TestOwn(StoreContract):
    @pytest.fixture
    def store(self, own_environ: dict[str, str]) -> Store:
        return own_store(own_environ)

    def test_putting_another_user_name_leaves_only_that_one(self, store: Store, server: str) -> None:
        for username in ("amy", "zed", "bob"):
            last = Record(server, username, fresh())
            store.put(last)
            assert store.get(server) == last

    def test_concurrent_puts_for_one_server_leave_exactly_one(self, store: Store, server: str) -> None:
        records = [Record(server, f"user{number}", fresh()) for number in range(6)]
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(store.put, records))
        assert store.get(server) in records
        store.erase(server)
        assert store.get(server) is None

    def test_holds_what_go_helpers_cannot_read(self, store: Store, server: str) -> None:
        largest = Record(server, "alice", Secret(secrets.token_hex(SECRET_BYTES // 2)))
        store.put(largest)
        assert store.get(server) == largest
        with pytest.raises(StoreRefused):
            store.put(Record(server, "alice", Secret("x" * (SECRET_BYTES + 1))))

    def test_the_largest_secret_of_control_characters_fits_the_answer(self, store: Store, server: str) -> None:
        worst = Record(server, "alice", Secret("\x01" * SECRET_BYTES))
        store.put(worst)
        assert store.get(server) == worst


def test_a_locked_keyring_and_its_unlocking(own_environ: dict[str, str]) -> None:
    with running_secret_service() as home:
        store = own_store({**home.environ, "PATH": own_environ["PATH"]})
        record = Record("registry.example", "alice", fresh())
        store.put(record)
        home.lock()
        for act in (
            lambda: store.get(record.server),
            lambda: store.put(record),
            lambda: store.erase(record.server),
            store.list,
        ):
            with pytest.raises(StoreLocked) as caught:
                act()
            assert "unlock" in caught.value.mend
        assert not store.probe().works
        home.unlock()
        assert store.get(record.server) == record


def test_no_keyring_on_the_bus(own_environ: dict[str, str]) -> None:
    with running_bus() as home:
        store = own_store({**home.environ, "PATH": own_environ["PATH"]})
        with pytest.raises(StoreMissing, match="Secret Service"):
            store.get("registry.example")


def test_not_installed() -> None:
    with pytest.raises(StoreMissing, match="not on PATH"):
        own_store({"PATH": "/nowhere"})
