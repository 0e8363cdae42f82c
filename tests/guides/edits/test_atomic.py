"""The one writer: whole or not at all, the link and the owner kept, and never over somebody else's write."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from guides.edits import atomic
from guides.edits.atomic import ChangedMeanwhile, NotWritten, Target, exchange, replace, temporary_for

OLD, NEW, FOREIGN = b'{"old": 1}', b'{"new": 1}', b'{"foreign": 1}'
NOBODY = 65534
exchanges = atomic.exchange


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "docker/config.json"
    path.parent.mkdir()
    path.write_bytes(OLD)
    path.chmod(0o600)
    return path


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user may reach: pytest's own are closed to everybody else."""
    folder = Path(tempfile.mkdtemp(prefix="dh-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """For root: nobody's rights, for a moment. Whoever is not root has no more rights than that."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def write(path: Path, expected: bytes = OLD, new: bytes = NEW) -> None:
    target = Target.of(path)
    replace(target, temporary_for(target), expected, new)


def only(folder: Path, *names: str) -> None:
    """Nothing else lies there: no temporary file with a secret."""
    assert sorted(each.name for each in folder.iterdir()) == sorted(names)


def test_the_new_content_is_private_whatever_the_old_mode(config: Path) -> None:
    config.chmod(0o644)
    write(config)
    assert config.read_bytes() == NEW
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    only(config.parent, "config.json")


@pytest.mark.parametrize("relative", [False, True])
def test_a_link_stays_a_link(config: Path, tmp_path: Path, relative: bool) -> None:
    link = tmp_path / "home/config.json"
    link.parent.mkdir()
    pointing = Path("../docker/config.json") if relative else config
    link.symlink_to(pointing)
    write(link)
    assert link.readlink() == pointing
    assert config.read_bytes() == NEW
    assert not config.is_symlink()
    only(config.parent, "config.json")
    only(link.parent, "config.json")


def test_a_link_to_a_link(config: Path, tmp_path: Path) -> None:
    middle, outer = tmp_path / "middle", tmp_path / "outer"
    middle.symlink_to("docker/config.json")
    outer.symlink_to(middle)
    write(outer)
    assert outer.is_symlink() and middle.is_symlink()
    assert config.read_bytes() == NEW


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_owner_and_group_are_kept(config: Path) -> None:
    os.chown(config, 12345, 54321)
    write(config)
    status = config.stat()
    assert (status.st_uid, status.st_gid) == (12345, 54321)
    assert config.read_bytes() == NEW


def test_another_hard_link_keeps_the_old_content(config: Path, tmp_path: Path) -> None:
    """It cannot be otherwise; the plan says so beforehand."""
    other = tmp_path / "other"
    other.hardlink_to(config)
    write(config)
    assert other.read_bytes() == OLD


def test_the_temporary_file_is_private_from_its_first_byte(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes = []

    def look(one: Path, other: Path) -> bool:
        modes.append(stat.S_IMODE(one.stat().st_mode))
        return exchanges(one, other)

    monkeypatch.setattr(atomic, "exchange", look)
    old = os.umask(0)
    try:
        write(config)
    finally:
        os.umask(old)
    assert modes == [0o600]


def test_a_temporary_name_that_is_taken_is_not_written_through(config: Path, tmp_path: Path) -> None:
    target = Target.of(config)
    temporary = temporary_for(target)
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    temporary.symlink_to(victim)
    with pytest.raises(NotWritten):
        replace(target, temporary, OLD, NEW)
    assert victim.read_bytes() == b"mine"
    assert config.read_bytes() == OLD


def test_a_change_since_it_was_read_is_refused(config: Path) -> None:
    config.write_bytes(FOREIGN)
    with pytest.raises(ChangedMeanwhile, match="changed by another program"):
        write(config)
    assert config.read_bytes() == FOREIGN
    only(config.parent, "config.json")


def by_rename(path: Path, content: bytes) -> None:
    """As docker writes: a new file, renamed onto the old one."""
    draft = path.with_name("config.json123456")
    draft.write_bytes(content)
    draft.rename(path)


@pytest.mark.parametrize("writes", [by_rename, Path.write_bytes])
def test_a_write_just_before_the_exchange_survives(
    config: Path, monkeypatch: pytest.MonkeyPatch, writes: Callable[[Path, bytes], object]
) -> None:
    def meddle(one: Path, other: Path) -> bool:
        monkeypatch.setattr(atomic, "exchange", exchanges)
        writes(other, FOREIGN)
        return exchanges(one, other)

    monkeypatch.setattr(atomic, "exchange", meddle)
    with pytest.raises(ChangedMeanwhile):
        write(config)
    assert config.read_bytes() == FOREIGN
    only(config.parent, "config.json")


def test_two_foreign_writes_around_the_exchange_leave_the_later(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = b'{"later": 1}'
    calls = []

    def meddle(one: Path, other: Path) -> bool:
        calls.append(one)
        if len(calls) == 1:
            by_rename(other, FOREIGN)
        if len(calls) == 2:  # we put the first one back, and in that moment docker writes again
            by_rename(other, later)
        return exchanges(one, other)

    monkeypatch.setattr(atomic, "exchange", meddle)
    with pytest.raises(ChangedMeanwhile):
        write(config)
    assert config.read_bytes() == later
    only(config.parent, "config.json")


def test_a_write_right_after_the_exchange_stands(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It replaced our version: nothing of ours is lost but the move, and the proof afterwards sees it."""

    def meddle(one: Path, other: Path) -> bool:
        done = exchanges(one, other)
        by_rename(other, FOREIGN)
        return done

    monkeypatch.setattr(atomic, "exchange", meddle)
    write(config)
    assert config.read_bytes() == FOREIGN
    only(config.parent, "config.json")


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic, "exchange", lambda one, other: False)


def test_without_exchange_the_file_is_compared_and_renamed(config: Path, no_exchange: None) -> None:
    write(config)
    assert config.read_bytes() == NEW
    only(config.parent, "config.json")


def test_without_exchange_a_change_is_refused_too(config: Path, no_exchange: None) -> None:
    config.write_bytes(FOREIGN)
    with pytest.raises(ChangedMeanwhile):
        write(config)
    assert config.read_bytes() == FOREIGN
    only(config.parent, "config.json")


def test_a_failing_exchange_leaves_all_as_it_was(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(one: Path, other: Path) -> bool:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(atomic, "exchange", fail)
    with pytest.raises(NotWritten, match="Input/output error; the file is as it was"):
        write(config)
    assert config.read_bytes() == OLD
    only(config.parent, "config.json")


def test_exchange_swaps_and_says_so(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(OLD)
    other.write_bytes(NEW)
    assert exchange(one, other)
    assert (one.read_bytes(), other.read_bytes()) == (NEW, OLD)
    with pytest.raises(OSError, match="No such file"):
        exchange(one, tmp_path / "nothing")


def test_a_file_that_vanished_is_not_written(config: Path) -> None:
    target = Target.of(config)
    config.unlink()
    with pytest.raises(NotWritten):
        replace(target, temporary_for(target), OLD, NEW)
    only(config.parent)


def test_a_folder_that_may_not_be_written_is_refused_beforehand(open_folder: Path) -> None:
    path = open_folder / "config.json"
    path.write_bytes(OLD)
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)
    else:
        open_folder.chmod(0o555)
    target = Target.of(path)
    with ordinary_user():
        assert "read-only for you" in target.refusal()
        with pytest.raises(NotWritten):
            write(path)
    assert path.read_bytes() == OLD


def test_a_file_of_another_user_is_refused(open_folder: Path) -> None:
    path = open_folder / "config.json"
    if os.geteuid() != 0:
        path.symlink_to("/etc/passwd")
        assert Target.of(path).refusal() != ""
        return
    path.write_bytes(OLD)
    open_folder.chmod(0o777)
    with ordinary_user():
        assert "belongs to another user" in Target.of(path).refusal()
    assert Target.of(path).refusal() == ""  # root may, and keeps the owner


def test_a_write_protected_file_is_refused(config: Path) -> None:
    config.chmod(0o400)
    assert "write-protected" in Target.of(config).refusal()
    config.chmod(0o600)
    assert Target.of(config).refusal() == ""


def test_a_file_of_nix_is_refused() -> None:
    assert "Nix" in Target(Path("/home/me/.docker/config.json"), Path("/nix/store/abc/config.json")).refusal()


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "config.json"
    link.symlink_to("nothing")
    assert "No such file" in Target.of(link).refusal()


def test_temporary_names_never_repeat_and_lie_beside_the_real_file(config: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(config)
    target = Target.of(link)
    names = {temporary_for(target) for _ in range(100)}
    assert len(names) == 100
    assert {name.parent for name in names} == {config.parent}
