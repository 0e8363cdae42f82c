"""The real `pass` with a gpg that fails, hangs, or is there when the program is killed."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.case.pass_store import PassCaseStore
from guides.stores.store import StoreError, StoreLocked, StoreTimedOut
from tests.services.pass_store import empty_gpg_home, fingerprint, forget_passphrases, make_key, running_pass_store
from tests.services.require import require

ROOT = Path(__file__).parents[4]
NAME = "7f3a9c21/new"
ENCRYPTS = 'case " $* " in *" -e "*)'
DECRYPTS = 'case " $* " in *" -d "*)'

Broken = Callable[[str], PassCaseStore]


@pytest.fixture(scope="module")
def pass_environ() -> Iterator[dict[str, str]]:
    with running_pass_store() as environ:
        yield environ


@pytest.fixture
def store(pass_environ: dict[str, str]) -> Iterator[PassCaseStore]:
    store = PassCaseStore.found(pass_environ)
    yield store
    store.erase(NAME)


@pytest.fixture
def broken(pass_environ: dict[str, str], tmp_path: Path) -> Broken:
    """The same store with a `gpg` in front of the real one that does something else first."""
    gpg = require("gpg", "gnupg")

    def make(script: str) -> PassCaseStore:
        wrapper = tmp_path / "gpg"
        wrapper.write_text(f'#!/bin/sh\n{script}\nexec {gpg} "$@"\n')
        wrapper.chmod(0o755)
        return PassCaseStore.found({**pass_environ, "PATH": f"{tmp_path}{os.pathsep}{pass_environ['PATH']}"})

    return make


def put_old(store: PassCaseStore) -> Secret:
    old = Secret(secrets.token_hex(8))
    store.put(NAME, old)
    return old


def files(store: PassCaseStore) -> list[str]:
    return sorted(path.name for path in (store.folder / "dockhygiene/7f3a9c21").iterdir())


HALF = 'while [ "$1" != -o ]; do shift; done; echo half > "$2";'
FAILURES = {
    "full": f"{ENCRYPTS} ulimit -f 0;; esac",
    "refuses": f"{ENCRYPTS} cat >/dev/null; echo refused >&2; exit 2;; esac",
    "half written": f"{ENCRYPTS} {HALF} cat >/dev/null; exit 2;; esac",
    "half written, and said to be well": f"{ENCRYPTS} {HALF} exit;; esac",
    "another value": f"{DECRYPTS} echo '\"another\"'; exit;; esac",
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_put_that_fails_leaves_the_old_value(store: PassCaseStore, broken: Broken, failure: str) -> None:
    old, new = put_old(store), secrets.token_hex(8)
    with pytest.raises(StoreError) as failed:
        broken(FAILURES[failure]).put(NAME, Secret(new))
    assert new not in str(failed.value)
    assert store.get(NAME) == old
    assert files(store) == ["new.gpg"], "nothing of the new value stays behind"
    assert not broken(FAILURES[failure]).probe().works
    assert store.names() == (NAME,)


@pytest.mark.parametrize("when", [ENCRYPTS, DECRYPTS])
def test_one_that_hangs_is_ended(store: PassCaseStore, broken: Broken, tmp_path: Path, when: str) -> None:
    old = put_old(store)
    pid = tmp_path / "pid"
    hanging = replace(broken(f"{when} echo $$ >> {pid}; exec sleep 600;; esac"), timeout=0.5)
    with pytest.raises(StoreTimedOut, match="waiting for a password"):
        hanging.put(NAME, Secret(secrets.token_hex(8)))
    assert store.get(NAME) == old
    for each in pid.read_text().split():
        assert _ended(each), "its whole group was ended"


@pytest.mark.parametrize("when", [ENCRYPTS, DECRYPTS])
def test_killed_in_the_middle_of_a_put(store: PassCaseStore, broken: Broken, tmp_path: Path, when: str) -> None:
    old, marker = put_old(store), tmp_path / "marker"
    half = HALF if when == ENCRYPTS else ""
    stopped = broken(f"{when} {half} echo $$ > {marker}.new; mv {marker}.new {marker}; exec sleep 600;; esac")
    code = f"""
import os
from checks.model.secret import Secret
from guides.stores.case.pass_store import PassCaseStore
PassCaseStore.found(os.environ).put({NAME!r}, Secret("x" * 20))
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=dict(stopped.environ))
    _wait_for(marker)
    process.kill()
    process.wait()
    os.kill(int(marker.read_text()), signal.SIGKILL)
    assert store.get(NAME) == old
    assert store.names() == (NAME,)
    _wait_until_alone(stopped)
    assert "new~.gpg" in files(store), "what the killed one left"
    new = Secret(secrets.token_hex(8))
    store.put(NAME, new)
    assert store.get(NAME) == new
    assert files(store) == ["new.gpg"]


def test_what_a_kill_left_is_named_and_erased(store: PassCaseStore, broken: Broken) -> None:
    left = store.folder / "dockhygiene" / f"{NAME}~.gpg"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert store.names() == (NAME,)
    assert store.get(NAME) is None
    store.erase(NAME)
    assert not left.exists()
    assert store.names() == ()


def test_a_key_whose_passphrase_nobody_can_type() -> None:
    """As over SSH, in cron, and in the app's own screen: gpg is never told of a terminal."""
    with empty_gpg_home() as environ:
        make_key(environ, secrets.token_hex(8))
        subprocess.run(["pass", "init", fingerprint(environ)], env=environ, check=True, capture_output=True)
        forget_passphrases(environ)
        store = replace(PassCaseStore.found({**environ, "GPG_TTY": "/dev/tty"}), timeout=20.0)
        with pytest.raises((StoreLocked, StoreTimedOut)) as failed:
            store.put(NAME, Secret(secrets.token_hex(8)))
        assert failed.value.mend
        assert store.get(NAME) is None, "nothing that could not be read back was kept"
        probe = store.probe()
        assert not probe.works
        assert probe.mend


def test_gpg_does_not_learn_of_the_terminal(store: PassCaseStore, broken: Broken, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    watched = broken(f'echo "[$GPG_TTY]" > {seen}')
    watched = replace(watched, environ={**watched.environ, "GPG_TTY": "/dev/pts/99"})
    assert watched.probe().works
    assert "/dev/pts/99" not in seen.read_text()


def _ended(pid: str) -> bool:
    """Whether it is gone, or only waits for whoever adopted it to notice."""
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    except OSError:
        return True


def _wait_for(marker: Path) -> None:
    deadline = time.monotonic() + 30
    while not marker.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _wait_until_alone(store: PassCaseStore) -> None:
    """`pass` itself lives on after its gpg was killed, and ends by itself."""
    deadline = time.monotonic() + 30
    mark = f"HOME={store.environ['HOME']}".encode()
    while any(_runs_pass(folder, mark) for folder in Path("/proc").glob("[0-9]*")):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _runs_pass(folder: Path, mark: bytes) -> bool:
    try:
        return b"/pass" in (folder / "cmdline").read_bytes() and mark in (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
