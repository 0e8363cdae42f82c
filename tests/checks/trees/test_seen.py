from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from checks.model.secret import FingerprintKey
from checks.trees import seen
from checks.trees.seen import Known, SeenFiles

KEY = FingerprintKey(b"k" * 32)
PAST_NS = 1_600_000_000 * 10**9


def opened(state: Path, key: FingerprintKey = KEY, checks: tuple[str, ...] = ("a", "b")) -> SeenFiles:
    return SeenFiles(state, key, checks)


@pytest.fixture
def status(tmp_path: Path) -> os.stat_result:
    """Of a file that has been as it is for long: its change time cannot be set, so the numbers are given."""
    numbers = (0o100644, 5, 6, 1, 0, 0, 7, 0, 0, 0)
    return os.stat_result(numbers, {"st_mtime_ns": PAST_NS, "st_ctime_ns": PAST_NS})


def changed(status: os.stat_result, **fields: int) -> os.stat_result:
    numbers = list(status[:10])
    for position, name in ((0, "st_mode"), (1, "st_ino"), (6, "st_size")):
        numbers[position] = fields.get(name, numbers[position])
    nanoseconds = {name: fields.get(name, getattr(status, name)) for name in ("st_mtime_ns", "st_ctime_ns")}
    return os.stat_result(tuple(numbers), nanoseconds)


def remember(state: Path, status: os.stat_result, **how: object) -> bytes:
    cache = opened(state, **how)  # type: ignore[arg-type]
    digest = cache.digest("f", status)
    assert digest
    cache.keep("/folder", [digest], [])
    cache.close()
    return digest


def test_what_was_kept_is_known_to_the_next_scan(tmp_path: Path, status: os.stat_result) -> None:
    digest = remember(tmp_path, status)
    cache = opened(tmp_path)
    assert cache.known("/folder") == Known(frozenset({digest}), frozenset())
    assert cache.digest("f", status) == digest
    assert cache.known("/other") == Known()
    assert cache.note == ""


@pytest.mark.parametrize(
    "change",
    [{"st_size": 8}, {"st_ino": 9}, {"st_mtime_ns": PAST_NS + 1}, {"st_ctime_ns": PAST_NS + 1}, {"st_mode": 0o100600}],
)
def test_any_change_of_the_file_makes_it_new(tmp_path: Path, status: os.stat_result, change: dict[str, int]) -> None:
    digest = remember(tmp_path, status)
    cache = opened(tmp_path)
    assert cache.digest("f", changed(status, **change)) != digest
    assert cache.digest("g", status) != digest


def test_another_key_or_other_checks_or_rules_know_nothing(
    tmp_path: Path, status: os.stat_result, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(tmp_path, status)
    assert opened(tmp_path, checks=("a",)).known("/folder") == Known()
    remember(tmp_path, status)
    assert opened(tmp_path, key=FingerprintKey(b"x" * 32)).known("/folder") == Known()
    remember(tmp_path, status)
    monkeypatch.setattr(seen, "program_version", lambda: "newer")
    assert opened(tmp_path).known("/folder") == Known()


def test_a_file_that_changed_just_now_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("x")
    assert opened(tmp_path).digest("f", path.stat()) is None


@pytest.mark.parametrize(
    "damage", [b"not a database at all, not even nearly" * 30, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_damaged_cache_is_dropped_and_told(tmp_path: Path, status: os.stat_result, damage: bytes) -> None:
    (tmp_path / seen.NAME).write_bytes(damage)
    cache = opened(tmp_path)
    assert "read again" in cache.note
    assert cache.known("/folder") == Known()
    cache.close()
    remember(tmp_path, status)
    assert opened(tmp_path).known("/folder").clean


def test_a_database_that_is_not_ours_is_dropped_and_told(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / seen.NAME) as other:
        other.execute("CREATE TABLE meta (name, value)")
    assert "was not ours" in opened(tmp_path).note


def test_a_table_that_breaks_while_in_use(tmp_path: Path, status: os.stat_result) -> None:
    remember(tmp_path, status)
    cache = opened(tmp_path)
    with sqlite3.connect(tmp_path / seen.NAME) as other:
        other.execute("DROP TABLE folder")
    assert cache.known("/folder") == Known()
    assert "damaged" in cache.note


def test_a_place_that_cannot_be_written_is_told_and_scanning_goes_on(tmp_path: Path, status: os.stat_result) -> None:
    cache = opened(tmp_path / "missing")
    assert "everything is read each time" in cache.note
    assert cache.known("/folder") == Known()
    cache.keep("/folder", [], [])
    cache.close()


def test_nobody_else_can_read_it_and_a_link_is_not_followed(tmp_path: Path, status: os.stat_result) -> None:
    remember(tmp_path, status)
    assert stat.S_IMODE((tmp_path / seen.NAME).stat().st_mode) == 0o600
    other = tmp_path / "other"
    other.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (other / seen.NAME).symlink_to(victim)
    opened(other).close()
    assert victim.read_text() == "mine"


def test_it_holds_no_name_in_the_clear_but_the_folders(tmp_path: Path, status: os.stat_result) -> None:
    cache = opened(tmp_path)
    digest = cache.digest("telling-name-of-a-file", status)
    assert digest
    cache.keep("/folder", [digest], [digest])
    cache.close()
    assert b"telling-name" not in (tmp_path / seen.NAME).read_bytes()


def test_the_version_follows_the_program(tmp_path: Path) -> None:
    assert seen.program_version() == seen.program_version()
    assert len(seen.program_version()) == 64
