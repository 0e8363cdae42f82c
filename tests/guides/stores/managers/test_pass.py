"""`pass` with a real key: the person's own entries."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.managers import pass_store
from guides.stores.managers.manager import Manager, Setting
from guides.stores.managers.pass_store import PassManager
from guides.stores.store import StoreError, StoreMissing, StoreRefused
from tests.guides.stores.managers.contract import ManagerContract


class TestPass(ManagerContract):
    @pytest.fixture
    def manager(self, pass_environ: dict[str, str]) -> Manager:
        return PassManager(Setting(pass_environ))

    @pytest.fixture
    def name(self, fresh: str) -> str:
        return f"docker/{fresh}"


def test_an_entry_that_the_person_wrote(pass_environ: dict[str, str], fresh: str) -> None:
    """Password, user, notes: only the line that is meant changes."""
    text = "old\nuser: alice\n\nnotes: two\notpauth://totp/x\n"
    command = ["pass", "insert", "--multiline", fresh]
    subprocess.run(command, input=text, text=True, env=pass_environ, check=True, capture_output=True)
    manager = PassManager(Setting(pass_environ))
    assert (manager.get(fresh), manager.get(fresh, "user")) == (Secret("old"), Secret("alice"))
    manager.put(fresh, "", Secret("new"))
    shown = subprocess.run(["pass", "show", fresh], env=pass_environ, capture_output=True, text=True, check=True)
    assert shown.stdout == text.replace("old", "new")
    with pytest.raises(StoreRefused, match="folder"):
        manager.put(f"{fresh}2/x", "", Secret("x"))
        manager.put(f"{fresh}2", "", Secret("x"))


def test_a_change_that_breaks_off_leaves_the_old_value(
    pass_environ: dict[str, str], fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = PassManager(Setting(pass_environ))
    manager.put(fresh, "", Secret("old"))
    run = pass_store.run_program

    def fails(program: Path, arguments: tuple[str, ...], *rest: object, **more: object) -> object:
        if arguments[0] == "mv":
            raise StoreError("stopped")
        return run(program, arguments, *rest, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(pass_store, "run_program", fails)
        with pytest.raises(StoreError, match="stopped"):
            manager.put(fresh, "", Secret("new"))
    assert manager.get(fresh) == Secret("old")
    assert not list(Path(pass_environ["HOME"], ".password-store").glob("*~.gpg"))


def test_without_a_key_or_the_program(tmp_path: Path, pass_environ: dict[str, str]) -> None:
    without_key = PassManager(Setting({**pass_environ, "PASSWORD_STORE_DIR": str(tmp_path)}))
    assert "pass init" in without_key.probe().mend
    with pytest.raises(StoreMissing, match="no password store"):
        without_key.put("x", "", Secret("x"))
    assert "not on PATH" in PassManager(Setting({"HOME": str(tmp_path), "PATH": str(tmp_path)})).probe().reason
