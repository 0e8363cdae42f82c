"""What every case store must do, proven against the real thing. A test module subclasses it and gives a `store`."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from checks.model.secret import Secret
from guides.stores.case.store import MOST_BYTES, CaseStore
from guides.stores.store import StoreRefused

DIFFICULT = (
    "ü€\U0001f511",
    "a\nb\n",
    "\n",
    " spaces ",
    "\"quoted\" 'twice'",
    "back\\slash\\n",
    "<&>\u2028",
    "-dash",
    "\t",
    "\0\r\x1b[2J",
    "\ufffd",
    "\udcff",  # a byte of a file that is not UTF-8
)


class CaseStoreContract:
    @pytest.fixture
    def name(self) -> str:
        return f"{secrets.token_hex(4)}/new"

    def test_gives_back_what_was_put(self, store: CaseStore, name: str) -> None:
        secret = Secret(secrets.token_urlsafe(24))
        assert store.get(name) is None
        store.put(name, secret)
        assert store.get(name) == secret
        assert name in store.names()
        store.erase(name)
        assert store.get(name) is None
        assert name not in store.names()

    @pytest.mark.parametrize("text", DIFFICULT)
    def test_keeps_difficult_texts_exactly(self, store: CaseStore, name: str, text: str) -> None:
        secret = Secret(text + secrets.token_hex(4) + text)
        store.put(name, secret)
        assert store.get(name) == secret
        store.erase(name)

    def test_replaces(self, store: CaseStore, name: str) -> None:
        one, two = Secret(secrets.token_hex(8)), Secret(secrets.token_hex(8))
        store.put(name, one)
        store.put(name, two)
        assert store.get(name) == two
        assert store.names().count(name) == 1
        store.erase(name)

    def test_keeps_names_apart(self, store: CaseStore, name: str) -> None:
        other = name.replace("/new", "/old")
        one, two = Secret(secrets.token_hex(8)), Secret(secrets.token_hex(8))
        store.put(name, one)
        store.put(other, two)
        store.erase(name)
        assert store.get(name) is None
        assert store.get(other) == two
        store.erase(other)

    def test_erasing_what_is_not_there_is_fine(self, store: CaseStore, name: str) -> None:
        store.erase(name)

    @pytest.mark.parametrize("part", ["x", "\x01", "\U0001f511"])
    def test_holds_the_largest_text(self, store: CaseStore, name: str, part: str) -> None:
        secret = Secret(secrets.token_hex(4) + part * ((MOST_BYTES - 8) // len(part.encode())))
        assert secret.size > 250_000
        store.put(name, secret)
        assert store.get(name) == secret
        store.erase(name)

    @pytest.mark.parametrize("value", ["", "\ud83d\ude00", "x" * (MOST_BYTES + 1)])
    def test_refuses_what_it_would_lose(self, store: CaseStore, name: str, value: str) -> None:
        secret = Secret(secrets.token_hex(8))
        store.put(name, secret)
        with pytest.raises(StoreRefused):
            store.put(name, Secret(value))
        assert store.get(name) == secret
        store.erase(name)

    def test_the_limit_is_said(self, store: CaseStore, name: str) -> None:
        with pytest.raises(StoreRefused, match=str(MOST_BYTES)):
            store.put(name, Secret("x" * (MOST_BYTES + 1)))

    @pytest.mark.parametrize(
        "bad", ["", "/", "../x", "a/../b", "a//b", "a/b/c/d", "-rf/..", "a b", "a\nb", ".hidden", "é"]
    )
    def test_refuses_odd_names(self, store: CaseStore, bad: str) -> None:
        for act in (store.get, store.erase, lambda name: store.put(name, Secret("x"))):
            with pytest.raises(StoreRefused):
                act(bad)

    def test_works_in_a_worker_thread(self, store: CaseStore, name: str) -> None:
        """The app calls stores from its workers, where no signal can be set."""
        secret = Secret(secrets.token_hex(8))
        with ThreadPoolExecutor(1) as pool:
            pool.submit(store.put, name, secret).result()
            assert pool.submit(store.get, name).result() == secret
            pool.submit(store.erase, name).result()

    def test_several_threads_at_once(self, store: CaseStore, name: str) -> None:
        held = {f"{name}-{number}": Secret(secrets.token_hex(8)) for number in range(4)}
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(store.put, held, held.values()))
            assert list(pool.map(store.get, held)) == list(held.values())
        assert set(held) <= set(store.names())
        for each in held:
            store.erase(each)

    def test_a_probe_erases_what_a_killed_one_left(self, store: CaseStore) -> None:
        old, at_work = "probe-1-00", f"probe-{int(time.time()):x}-00"
        for each in (old, at_work):
            store.put(each, Secret("x"))
        assert store.probe().works
        assert store.get(old) is None
        assert store.get(at_work) is not None
        store.erase(at_work)

    def test_its_probe_leaves_nothing_behind(self, store: CaseStore) -> None:
        before = store.names()
        assert store.probe().works
        assert store.names() == before

    def test_no_value_in_its_repr(self, store: CaseStore, name: str) -> None:
        secret = secrets.token_hex(8)
        store.put(name, Secret(secret))
        assert secret not in repr(store)
        store.erase(name)
