"""The keyring that asks, refuses, hangs, or is there when the program is killed."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import secretstorage
from jeepney.bus_messages import message_bus
from jeepney.wrappers import unwrap_msg

from checks.model.secret import Secret
from guides.stores.case.secret_service import SecretServiceCaseStore
from guides.stores.own import secret_service
from guides.stores.store import StoreError, StoreLocked, StoreMissing, StoreTimedOut
from tests.guides.stores.own.prompting_service import ITEM, prompting_service
from tests.services.secret_service import SecretServiceHome, running_bus, running_secret_service

ROOT = Path(__file__).parents[4]
NAME = "7f3a9c21/new"


@pytest.fixture
def keyring_home() -> Iterator[SecretServiceHome]:
    with running_secret_service() as home:
        yield home


@pytest.fixture
def store(keyring_home: SecretServiceHome) -> SecretServiceCaseStore:
    return SecretServiceCaseStore(keyring_home.environ)


def daemon_of(home: SecretServiceHome) -> int:
    with closing(home.connect()) as connection:
        message = message_bus.GetConnectionUnixProcessID("org.freedesktop.secrets")
        return int(unwrap_msg(connection.send_and_get_reply(message, timeout=10))[0])


def items_of(home: SecretServiceHome) -> list[dict[str, str]]:
    with closing(home.connect()) as connection:
        found = secretstorage.search_items(connection, {"xdg:schema": "io.dockhygiene.Case"})
        return [{**item.get_attributes(), "label": item.get_label()} for item in found]


def test_one_item_of_our_own_schema(keyring_home: SecretServiceHome, store: SecretServiceCaseStore) -> None:
    for value in ("one", "two"):
        store.put(NAME, Secret(value))
    assert items_of(keyring_home) == [
        {"xdg:schema": "io.dockhygiene.Case", "name": NAME, "label": f"dockhygiene case {NAME}"}
    ]


def test_a_locked_keyring_keeps_what_it_held(keyring_home: SecretServiceHome, store: SecretServiceCaseStore) -> None:
    old = Secret(secrets.token_hex(8))
    store.put(NAME, old)
    keyring_home.lock()
    with ThreadPoolExecutor(1) as pool, pytest.raises(StoreLocked, match="locked") as failed:
        pool.submit(store.put, NAME, Secret(secrets.token_hex(8))).result()
    assert "unlock it" in failed.value.mend
    with pytest.raises(StoreLocked):
        store.names()
    keyring_home.unlock()
    assert store.get(NAME) == old


@pytest.mark.parametrize("dismissed", [True, None])
def test_a_prompt_that_is_dismissed_or_not_answered(dismissed: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_service, "PERSON_SECONDS", 0.5)
    monkeypatch.setattr(secret_service, "NOBODY_SECONDS", 0.5)
    with running_bus() as home, prompting_service(home, dismissed) as service:
        with pytest.raises(StoreLocked, match="dismissed" if dismissed else "nobody answered"):
            SecretServiceCaseStore(home.environ).get(NAME)
        assert "GetSecret" not in service.called


def test_a_full_keyring_refuses_and_the_old_value_is_still_there() -> None:
    answers = {
        "SearchItems": ("aoao", ([ITEM], [])),
        "ReadAlias": ("o", ("/collection",)),
        "GetSecret": ("(oayays)", (("/session", b"", b'"old"', "text/plain"),)),
        "CreateItem": ("error", ("org.freedesktop.DBus.Error.LimitsExceeded", "s", ("the disk is full",))),
    }
    with running_bus() as home, prompting_service(home, False, **answers) as service:
        service._answers["Get"] = ("v", (("a{ss}", {}),))
        store = SecretServiceCaseStore(home.environ)
        with pytest.raises(StoreError, match="LimitsExceeded") as failed:
            store.put(NAME, Secret(secrets.token_hex(8)))
        assert "lost" not in failed.value.reason
        assert store.get(NAME) == Secret("old")
        assert "Delete" not in service.called


def test_a_keyring_that_hangs(
    keyring_home: SecretServiceHome, store: SecretServiceCaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Secret(secrets.token_hex(8))
    store.put(NAME, old)
    daemon = daemon_of(keyring_home)
    with monkeypatch.context() as patch:
        patch.setattr(secret_service, "CALL_SECONDS", 0.5)
        os.kill(daemon, signal.SIGSTOP)
        try:
            with ThreadPoolExecutor(1) as pool, pytest.raises(StoreTimedOut, match="in time"):
                pool.submit(store.get, NAME).result()
            assert not store.probe().works
        finally:
            os.kill(daemon, signal.SIGCONT)
    assert store.get(NAME) == old


def test_killed_at_any_moment_of_a_put(keyring_home: SecretServiceHome, store: SecretServiceCaseStore) -> None:
    """Another process puts two values in turn, as fast as it can, until it is killed: one of them stands there."""
    code = f"""
import itertools, os
from checks.model.secret import Secret
from guides.stores.case.secret_service import SecretServiceCaseStore
store = SecretServiceCaseStore(os.environ)
for value in itertools.cycle(("one", "two")):
    store.put({NAME!r}, Secret(value))
    print(flush=True)
"""
    for puts in range(1, 6):
        argv = [sys.executable, "-c", code]
        with subprocess.Popen(argv, cwd=ROOT, env=keyring_home.environ, stdout=subprocess.PIPE) as process:
            assert process.stdout
            for _ in range(puts):
                process.stdout.readline()
            process.kill()
        assert store.get(NAME) in (Secret("one"), Secret("two"))
        assert len(items_of(keyring_home)) == 1


def test_nobody_on_the_bus_keeps_secrets() -> None:
    with running_bus() as home:
        with pytest.raises(StoreMissing, match="Secret Service") as failed:
            SecretServiceCaseStore(home.environ).put(NAME, Secret("x"))
        assert "pass" in failed.value.mend


@contextmanager
def silent_bus(folder: Path, lines: list[bytes]) -> Iterator[str]:
    """A socket that answers the authentication with these lines and then says nothing."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "bus"))
        listener.listen()
        done = threading.Event()

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                for line in lines:
                    client.recv(1024)
                    client.sendall(line)
                done.wait(30)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"unix:path={folder / 'bus'}"
        finally:
            done.set()
            thread.join(30)


@pytest.mark.parametrize("lines", [[], [b"OK 0123456789abcdef0123456789abcdef\r\n"]])
def test_a_bus_that_says_nothing(lines: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Before and after the authentication, where jeepney itself would wait for ever; in any thread."""
    monkeypatch.setattr(secret_service, "CALL_SECONDS", 0.3)
    with running_bus() as home, silent_bus(Path(home.environ["XDG_RUNTIME_DIR"]), lines) as address:
        store = SecretServiceCaseStore({"DBUS_SESSION_BUS_ADDRESS": address})
        with ThreadPoolExecutor(1) as pool, pytest.raises(StoreTimedOut):
            pool.submit(store.get, NAME).result()
