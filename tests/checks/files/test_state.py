"""The state folder: private, ours, never reached through somebody's link, and whole at every moment."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from checks.files import state
from checks.files.state import StateError, StateFolder, StateUnavailable


def opened(home: Path) -> StateFolder:
    return StateFolder.open({}, home)


def test_it_is_private_whatever_it_was_before(tmp_path: Path) -> None:
    folder = tmp_path / ".local" / "state" / "dockhygiene"
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    assert opened(tmp_path).path == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_xdg_state_home_counts_when_it_is_absolute(tmp_path: Path) -> None:
    assert StateFolder.open({"XDG_STATE_HOME": str(tmp_path / "s")}, tmp_path).path == tmp_path / "s" / "dockhygiene"
    assert StateFolder.open({"XDG_STATE_HOME": "relative"}, tmp_path).path.is_relative_to(tmp_path / ".local")


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".local" / "state").mkdir(parents=True)
    (tmp_path / ".local" / "state" / "dockhygiene").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StateUnavailable):
        opened(tmp_path)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_another_users_home_is_refused_for_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As under sudo with HOME kept: files of root's in a user's home would lock the user out of their own state."""
    real = tmp_path.stat().st_uid
    monkeypatch.setattr(state.os, "geteuid", lambda: 0)
    monkeypatch.setattr(Path, "stat", lambda path, **_: os.stat_result((0o40700, 0, 0, 0, real + 4242, 0, 0, 0, 0, 0)))
    with pytest.raises(StateError, match="not with sudo"):
        opened(tmp_path)


def test_the_key_is_made_once_however_many_ask(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    prints: set[str] = set()
    asking = [threading.Thread(target=lambda: prints.add(folder.key().of("same"))) for _ in range(8)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert len(prints) == 1
    assert stat.S_IMODE((folder.path / "key").stat().st_mode) == 0o600
    assert StateFolder.open({}, tmp_path).key().of("same") in prints


def test_two_keys_give_two_fingerprints(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert opened(tmp_path / "a").key().of("same") != opened(tmp_path / "b").key().of("same")


def test_a_write_that_fails_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = opened(tmp_path)
    folder.write("journal", b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(state.os, "fsync", full)
    with pytest.raises(StateUnavailable, match="No space left"):
        folder.write("journal", b"new")
    assert folder.read("journal") == b"old"


def test_only_one_may_hold_a_lock(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    with folder.lock("move.lock", wait=False), pytest.raises(StateError, match="another dockhygiene"):
        folder.lock("move.lock", wait=False).__enter__()
    with folder.lock("move.lock", wait=False):
        pass
