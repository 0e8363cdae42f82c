"""What was read of a repository, kept for the next scan."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.git.known import Known, KnownObjects
from checks.model.secret import FingerprintKey

KEY = FingerprintKey(b"k" * 32)
FOLDER = Path("/home/ada/shop/.git")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def some() -> Known:
    return Known(frozenset(os.urandom(12) for _ in range(50)), ("a" * 40, "b" * 40), {"c" * 40: "odd\udcff\nname"})


def test_is_kept(state: Path) -> None:
    known = some()
    assert KnownObjects(state, KEY, "1").keep(FOLDER, known) == ""
    assert KnownObjects(state, KEY, "1").read(FOLDER) == known
    name = next(iter(known.clean)).hex().encode() + b"0" * 16
    assert known.holds(name)
    assert not Known().holds(name)


def test_not_for_others(state: Path) -> None:
    KnownObjects(state, KEY, "1").keep(FOLDER, some())
    assert KnownObjects(state, KEY, "2").read(FOLDER) == Known()
    assert KnownObjects(state, FingerprintKey(b"x" * 32), "1").read(FOLDER) == Known()
    assert KnownObjects(state, KEY, "1").read(FOLDER.parent) == Known()


def test_does_not_say_where_it_is(state: Path) -> None:
    KnownObjects(state, KEY, "1").keep(FOLDER, Known())
    (record,) = state.iterdir()
    assert record.stat().st_mode & 0o777 == 0o600
    assert "shop" not in record.name
    assert b"shop" not in record.read_bytes()


def test_a_state_folder_that_cannot_be_written(tmp_path: Path) -> None:
    assert "reads it again" in KnownObjects(tmp_path / "none", KEY, "1").keep(FOLDER, some())


def test_the_oldest_are_forgotten(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.git.known._MOST_REPOSITORIES", 3)
    known = KnownObjects(state, KEY, "1")
    for number in range(6):
        known.keep(FOLDER / str(number), some())
        for record in state.iterdir():
            os.utime(record, (record.stat().st_mtime - 10, record.stat().st_mtime - 10))
    assert len(list(state.iterdir())) == 3
    assert known.read(FOLDER / "0") == Known()
    assert known.read(FOLDER / "5") != Known()
