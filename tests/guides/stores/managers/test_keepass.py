"""KeePass files: what we write KeePassXC reads, and the reverse."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.managers import keepass
from guides.stores.managers.keepass import KeePassManager
from guides.stores.managers.manager import Manager, Setting, VersionConflict, WrongPassword
from guides.stores.store import StoreError, StoreLocked, StoreMissing, StoreRefused
from tests.guides.stores.managers.contract import ManagerContract
from tests.services.keepass import KeePassFile, keepass_file


@pytest.fixture(scope="module")
def file() -> Iterator[KeePassFile]:
    with keepass_file(Secret(f"master \u00fc {secrets.token_hex(8)}")) as made:
        yield made


@pytest.fixture
def manager(file: KeePassFile) -> KeePassManager:
    return KeePassManager(Setting(file.environ, lambda question: file.password if "team.kdbx" in question else None))


class TestKeePass(ManagerContract):
    odd = ("team.kdbx/x", "~/team.kdbx", "~/../team.kdbx/x", "~/other.kdbx/x", "/nonexistent.kdbx/x")

    @pytest.fixture
    def manager(self, manager: KeePassManager) -> Manager:
        return manager

    @pytest.fixture
    def name(self, fresh: str) -> str:
        return f"~/team.kdbx/docker/{fresh}"


def test_keepassxc_reads_what_we_wrote_and_we_what_it_wrote(
    file: KeePassFile, manager: KeePassManager, fresh: str
) -> None:
    value, theirs = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    manager.put(f"~/team.kdbx/g/{fresh}", "", Secret(value))
    manager.put(f"~/team.kdbx/g/{fresh}", "api key", Secret(f"{value}\u20ac"))
    shown = file.keepassxc("show", "-s", "-a", "password", "-a", "api key", f"g/{fresh}")
    assert shown.splitlines() == [value, f"{value}\u20ac"]
    file.keepassxc("add", "-u", "bob", "-p", f"g/{fresh}2", more=f"{theirs}\n")
    name = f"{file.path}/g/{fresh}2"
    assert manager.get(name) == Secret(theirs)
    assert manager.get(name, "username") == Secret("bob")
    manager.put(name, "", Secret(value))
    assert file.keepassxc("show", "-s", "-a", "username", "-a", "password", f"g/{fresh}2").split() == ["bob", value]


def test_a_change_by_another_program_is_a_conflict_and_not_overwritten(
    file: KeePassFile, manager: KeePassManager, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, other = f"~/team.kdbx/{fresh}", KeePassManager(manager.setting)
    manager.put(name, "a", Secret("1"))
    made = keepass._set

    def crossed(*arguments: object) -> None:
        monkeypatch.setattr(keepass, "_set", made)
        other.put(name, "b", Secret("theirs"))
        made(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(keepass, "_set", crossed)
    with pytest.raises(VersionConflict, match="nothing was overwritten"):
        manager.put(name, "a", Secret("2"))
    assert (manager.get(name, "a"), manager.get(name, "b")) == (Secret("1"), Secret("theirs"))


def test_a_write_that_breaks_off_leaves_the_old_file(
    file: KeePassFile, manager: KeePassManager, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"~/team.kdbx/{fresh}"
    manager.put(name, "", Secret("1"))
    file.path.chmod(0o640)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(keepass.os, "fsync", full)
        with pytest.raises(StoreError, match="No space left"):
            manager.put(name, "", Secret("2"))
    assert manager.get(name) == Secret("1")
    manager.put(name, "", Secret("3"))
    assert file.path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in file.home.iterdir() if "kdbx" in each.name] == ["team.kdbx"]


def test_the_old_value_is_in_the_entry_s_history_until_it_is_erased(manager: KeePassManager, fresh: str) -> None:
    name = f"~/team.kdbx/{fresh}"
    manager.put(name, "", Secret("first"))
    manager.put(name, "", Secret("second"))
    manager.put(name, "username", Secret("alice"))
    path, parts = manager._split(name)
    entry = keepass._entry(manager._open(path).base, parts)
    assert [each.password for each in entry.history][-2:] == ["first", "second"]
    manager.erase(name)
    entry = keepass._entry(manager._open(path).base, parts)
    assert not any(each.password for each in (entry, *entry.history))
    assert manager.get(name, "username") == Secret("alice")


def test_passwords_and_files_that_do_not_open(file: KeePassFile, manager: KeePassManager, tmp_path: Path) -> None:
    wrong = secrets.token_hex(8)
    with pytest.raises(WrongPassword) as failed:
        KeePassManager(Setting(file.environ, lambda _: Secret(wrong))).get("~/team.kdbx/x")
    assert wrong not in str(failed.value)
    with pytest.raises(StoreLocked, match="master password"):
        KeePassManager(Setting(file.environ)).get("~/team.kdbx/x")
    with pytest.raises(StoreMissing, match="not there"):
        manager.get("~/team.kdbx.kdbx/x")
    (tmp_path / "team.kdbx").write_bytes(b"no database" * 50)
    with pytest.raises(StoreError, match="no KeePass file"):
        manager.get(f"{tmp_path}/team.kdbx/x")
    with pytest.raises(StoreRefused, match="name of a field"):
        manager.put("~/team.kdbx/x", 'a"b', Secret("x"))
