"""The case store of the demo: apart from what its docker helper serves."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from checks.model.secret import Secret
from guides.demo import store as demo
from guides.demo.store import DemoStore
from guides.stores.case import demo_store
from guides.stores.case.catalog import case_stores, first_working
from guides.stores.case.demo_store import DemoCaseStore
from guides.stores.case.store import CaseStore
from guides.stores.native import helper_store
from guides.stores.store import Record, StoreError, StoreMissing, StoreTimedOut
from tests.guides.stores.case.contract import CaseStoreContract


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Below the system's temporary folder: pytest's own is too deep for a socket's path."""
    with TemporaryDirectory(prefix="dh-demo-") as folder, DemoStore(Path(folder)):
        yield Path(folder)


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
    for verb in ("case-get", "case-names", "get\ncase-get"):
        done = subprocess.run(
            [home / ".local/bin/docker-credential-demo", verb], input=name, capture_output=True, text=True
        )
        assert (done.returncode, done.stdout[:6]) == (1, "Usage:"), "the program has no word for it"
    helper.erase(name)
    assert store.get(name) is not None
    helper.put(Record(name, "alice", Secret("x")))
    assert store.names() == (name,)
    helper.erase(name)
    store.erase(name)


def test_in_the_demo_it_is_the_only_one(home: Path) -> None:
    assert [type(one) for one in case_stores(environ(home))] == [DemoCaseStore]
    chosen, tried = first_working(environ(home))
    assert isinstance(chosen, DemoCaseStore) and not tried


def test_when_the_demo_has_ended() -> None:
    with TemporaryDirectory(prefix="dh-demo-") as folder:
        with DemoStore(Path(folder)):
            store = DemoCaseStore(Path(folder))
            store.put("aaaaaaaa/new", Secret("x" * 8))
        with pytest.raises(StoreMissing, match="has ended"):
            store.get("aaaaaaaa/new")
        with DemoStore(Path(folder)):
            assert store.names() == (), "another demo, another store"


def test_when_it_is_full(home: Path, store: CaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Secret(secrets.token_hex(8))
    store.put("aaaaaaaa/old", old)
    monkeypatch.setattr(demo, "MOST_RECORDS", 1)
    with pytest.raises(StoreError, match="full"):
        store.put("aaaaaaaa/new", Secret("x"))
    assert "full" in store.probe().reason
    assert store.names() == ("aaaaaaaa/old",)
    newer = Secret(secrets.token_hex(8))
    store.put("aaaaaaaa/old", newer)
    assert store.get("aaaaaaaa/old") == newer
    store.erase("aaaaaaaa/old")


@pytest.mark.parametrize(("said", "error"), [(b"", StoreMissing), (b'0"half', StoreError), (b"1no\n", StoreError)])
def test_a_demo_that_breaks_off(said: bytes, error: type[StoreError]) -> None:
    with answering(said) as home, pytest.raises(error):
        DemoCaseStore(home).get("aaaaaaaa/new")


def test_a_demo_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_store, "PATIENCE", 0.3)
    with answering(None) as home, pytest.raises(StoreTimedOut):
        DemoCaseStore(home).get("aaaaaaaa/new")


@contextmanager
def answering(said: bytes | None) -> Iterator[Path]:
    """A home whose socket says this and closes; with None it says nothing."""
    done = threading.Event()
    with TemporaryDirectory(prefix="dh-demo-") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(Path(folder, demo.SOCKET)))
        listener.listen()

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                if said is None:
                    done.wait(30)
                else:
                    client.makefile("rb").read()
                    client.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Path(folder)
        finally:
            done.set()
            thread.join(30)
