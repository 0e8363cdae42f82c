"""Setting up pass for real, in a home folder of its own."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.native import helper_store
from guides.stores.pass_setup import FINGERPRINT, apply, plan_pass_setup, unlock
from guides.stores.store import Record, StoreError, StoreLocked, StoreMissing, StoreRefused
from tests.services.pass_store import empty_gpg_home, fingerprint, forget_passphrases, make_key
from tests.services.require import require


@pytest.fixture
def environ() -> Iterator[dict[str, str]]:
    require("docker-credential-pass", "golang-docker-credential-helpers")
    with empty_gpg_home() as environ:
        yield environ


def passphrase() -> Secret:
    return Secret(secrets.token_hex(8) + " ü")


def test_a_new_key_without_passphrase(environ: dict[str, str]) -> None:
    plan = plan_pass_setup(environ)
    assert plan.key is None
    assert [step.argv[0] for step in plan.steps] == ["gpg", "gpg", "pass"]
    assert FINGERPRINT in plan.steps[-1].command
    assert "run as you" in plan.notes[0]
    assert not Path(environ["HOME"], ".password-store").exists(), "planning changes nothing"
    assert apply(plan).works
    forget_passphrases(environ)
    assert helper_store("pass", environ).probe().works


def test_a_new_key_with_a_passphrase(environ: dict[str, str]) -> None:
    words = passphrase()
    plan = plan_pass_setup(environ, with_passphrase=True)
    assert "gpg-agent" in plan.notes[0]
    assert apply(plan, words).works
    store = helper_store("pass", environ)
    store.put(Record("registry.example", "alice", Secret("x")))
    forget_passphrases(environ)
    with pytest.raises(StoreLocked):
        store.get("registry.example")
    key = fingerprint(environ)
    with pytest.raises(StoreLocked, match="did not open"):
        unlock(environ, key, passphrase())
    unlock(environ, key, words)
    assert store.get("registry.example") is not None


def test_the_passphrase_is_neither_argument_nor_environment(environ: dict[str, str], tmp_path: Path) -> None:
    """A gpg in front of the real one writes down what everybody could read about it."""
    words = passphrase()
    folder = tmp_path / "bin"
    folder.mkdir()
    log = tmp_path / "log"
    wrapper = folder / "gpg"
    wrapper.write_text(
        f'#!/bin/sh\ncat /proc/$$/cmdline /proc/$$/environ >> {log}\nexec {require("gpg", "gnupg")} "$@"\n'
    )
    wrapper.chmod(0o755)
    environ = {**environ, "PATH": f"{folder}:{environ['PATH']}"}
    plan = plan_pass_setup(environ, with_passphrase=True)
    assert apply(plan, words).works
    assert b"--quick-generate-key" in log.read_bytes()
    assert words.reveal().encode() not in log.read_bytes()
    assert words.reveal() not in repr(plan)


def test_a_key_that_is_there_is_used(environ: dict[str, str]) -> None:
    make_key(environ)
    plan = plan_pass_setup(environ)
    assert plan.key == fingerprint(environ)
    assert [step.argv for step in plan.steps] == [("pass", "init", plan.key)]
    assert apply(plan).works
    assert len(plan_pass_setup(environ, new_key=True).steps) == 0, "the store that is there is kept"


def test_a_new_key_beside_one_that_is_there(environ: dict[str, str]) -> None:
    make_key(environ)
    assert plan_pass_setup(environ, new_key=True).key is None


def test_a_store_that_is_there_is_never_made_again(environ: dict[str, str]) -> None:
    assert apply(plan_pass_setup(environ)).works
    identity = Path(environ["HOME"], ".password-store", ".gpg-id")
    before = identity.stat()
    plan = plan_pass_setup(environ, key="somebody@else.invalid", new_key=True)
    assert plan.store_exists
    assert plan.steps == ()
    assert apply(plan).works
    assert (identity.stat().st_mtime_ns, identity.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_store_that_came_in_the_meantime_is_left_alone(environ: dict[str, str]) -> None:
    make_key(environ)
    plan = plan_pass_setup(environ)
    subprocess.run(["pass", "init", fingerprint(environ)], env=environ, check=True, capture_output=True)
    with pytest.raises(StoreError, match="in the meantime"):
        apply(plan)


def test_encrypted_files_without_their_key_are_not_taken_over(environ: dict[str, str]) -> None:
    folder = Path(environ["HOME"], ".password-store", "mail")
    folder.mkdir(parents=True)
    (folder / "me.gpg").write_bytes(b"x")
    with pytest.raises(StoreError, match=r"no \.gpg-id"):
        plan_pass_setup(environ)


def test_another_folder_for_the_store(environ: dict[str, str]) -> None:
    environ["PASSWORD_STORE_DIR"] = environ["HOME"] + "/elsewhere"
    plan = plan_pass_setup(environ)
    assert apply(plan).works
    assert Path(environ["HOME"], "elsewhere", ".gpg-id").is_file()


def test_missing_programs_are_named_by_package(tmp_path: Path) -> None:
    plan = plan_pass_setup({"HOME": str(tmp_path), "PATH": str(tmp_path)})
    assert plan.steps[0].command == "sudo apt install pass gnupg golang-docker-credential-helpers"
    with pytest.raises(StoreMissing, match="apt install"):
        apply(plan)


@pytest.mark.parametrize("text", ["", "two\nlines"])
def test_a_passphrase_that_gpg_would_cut_is_refused(environ: dict[str, str], text: str) -> None:
    with pytest.raises(StoreRefused):
        apply(plan_pass_setup(environ, with_passphrase=True), Secret(text))
    assert not Path(environ["HOME"], ".password-store").exists()
