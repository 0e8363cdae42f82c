"""An edit is made whole or not at all, and taken back byte for byte: whoever else writes, whenever it is killed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks.model.secret import Secret
from guides.edits import applying, atomic
from guides.edits.applying import EditRecord, EditState, NotProven, apply, recover, undo
from guides.edits.atomic import ChangedMeanwhile, NotWritten, Target
from guides.edits.edit import ValueEdit
from tests.checks.conftest import random_password, random_token
from tests.guides.edits.scene import Scene, made

HEAD = "# settings\nDEBUG=1\n"


@pytest.fixture
def old() -> str:
    return random_password()


@pytest.fixture
def new() -> str:
    return random_token("dckr_pat_", 27)


@pytest.fixture
def path(scene: Scene, old: str) -> Path:
    return scene.write("shop/.env", f"{HEAD}DB_PASSWORD={old}\nURL=postgres://shop:{old}@db/shop\n", 0o640)


def test_the_record_holds_no_secret_and_survives_json(scene: Scene, path: Path, old: str, new: str) -> None:
    record = EditRecord.of(scene.edit(path, old, new))
    text = json.dumps(record.as_json())
    assert EditRecord.from_json(json.loads(text)) == record
    assert old not in text
    assert new not in text
    assert "DB_PASSWORD" not in text
    assert [splice.new_length for splice in record.splices] == [len(new), len(new)]


def test_owner_mode_and_link_survive(scene: Scene, path: Path, old: str, new: str, tmp_path: Path) -> None:
    link = tmp_path / "home/linked/.env"
    link.parent.mkdir()
    link.symlink_to(path)
    before = path.stat()
    made(scene.edit(link, old, new))
    assert link.is_symlink()
    assert path.read_text() == f"{HEAD}DB_PASSWORD={new}\nURL=postgres://shop:{new}@db/shop\n"
    assert (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )


def test_a_script_stays_executable(scene: Scene, old: str, new: str) -> None:
    script = scene.write("deploy.sh", f"#!/bin/sh\ndocker login -u ci -p '{old}' ghcr.io\n", 0o755)
    made(scene.edit(script, old, new))
    assert script.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("written", ["before", "between"])
def test_another_write_stands(
    scene: Scene, path: Path, old: str, new: str, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    edit = scene.edit(path, old, new)
    foreign = path.read_bytes() + b"ADDED=1\n"
    if written == "before":
        path.write_bytes(foreign)
    else:
        exchange = atomic.exchange
        monkeypatch.setattr(atomic, "exchange", lambda one, two: path.write_bytes(foreign) and exchange(one, two))
    with pytest.raises(ChangedMeanwhile):
        made(edit)
    monkeypatch.undo()
    assert path.read_bytes() == foreign
    scene.nothing_is_left_over()
    made(scene.edit(path, old, new))  # planned again, on what stands there now
    assert path.read_bytes() == foreign.replace(old.encode(), new.encode())


def test_two_cases_share_a_file(scene: Scene, new: str) -> None:
    one, two, other = random_password(), random_password(), random_token("glpat-", 20)
    path = scene.write("x/.env", f"A_PASSWORD={one}\nB_PASSWORD={two}\n")
    first, second = scene.edit(path, one, new), scene.edit(path, two, other)
    first_record = made(first)
    with pytest.raises(ChangedMeanwhile):
        made(second)
    second = scene.edit(path, two, other)
    second_record = made(second)
    assert path.read_text() == f"A_PASSWORD={new}\nB_PASSWORD={other}\n"
    key = scene.workstation.key
    with pytest.raises(ChangedMeanwhile):
        undo(first_record, first.removed, key)
    undo(second_record, second.removed, key)
    undo(first_record, first.removed, key)
    assert path.read_text() == f"A_PASSWORD={one}\nB_PASSWORD={two}\n"


def test_undo_needs_exactly_what_was_taken_out(scene: Scene, path: Path, old: str, new: str) -> None:
    edit = scene.edit(path, old, new)
    record, between = made(edit), path.read_bytes()
    key = scene.workstation.key
    for removed in (
        (),
        edit.removed[:1],
        (Secret(random_password()), edit.removed[1]),
        (Secret("\u20ac"), Secret("x")),
    ):
        with pytest.raises(NotWritten):
            undo(record, removed, key)
    assert path.read_bytes() == between


def test_a_file_that_is_gone_is_said(scene: Scene, path: Path, old: str, new: str) -> None:
    edit = scene.edit(path, old, new)
    path.unlink()
    with pytest.raises(NotWritten):
        made(edit)


def test_a_link_that_leads_elsewhere_now_is_another_file(scene: Scene, path: Path, old: str, new: str) -> None:
    link = scene.top / "home/linked/.env"
    link.parent.mkdir()
    link.symlink_to(path)
    edit = scene.edit(link, old, new)
    twin = scene.write("twin/.env", path.read_bytes())
    link.unlink()
    link.symlink_to(twin)
    with pytest.raises(ChangedMeanwhile):
        made(edit)
    assert old in twin.read_text()


def test_an_old_value_that_comes_back_at_once_is_seen(
    scene: Scene, path: Path, old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = scene.edit(path, old, new)
    written = atomic.replace

    def and_back(target: Target, *args: Any, **options: Any) -> None:
        before = path.read_bytes()
        written(target, *args, **options)
        path.write_bytes(before)

    monkeypatch.setattr(applying, "replace", and_back)
    with pytest.raises((ChangedMeanwhile, NotProven)):
        made(edit)


STEPS = ("open", "fsync", "fchmod", "fchown", "unlink", "rename", "replace", "link")
MOST_STEPS = 60


def killed(act: Callable[[], object], number: int) -> bool:
    """Runs it in a process that is killed before, or after, its so many-th system call that changes anything."""
    child = os.fork()
    if child == 0:
        try:
            _strike(number)
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _strike(number: int) -> None:
    count = 0

    def wrapped(call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
            result = call(*args, **options)
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return step

    for name in STEPS:
        setattr(os, name, wrapped(getattr(os, name)))
    atomic.exchange = wrapped(atomic.exchange)


@pytest.mark.parametrize("without_exchange", [False, True])
def test_killed_at_every_step_of_an_edit(
    scene: Scene, path: Path, old: str, new: str, without_exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if without_exchange:
        monkeypatch.setattr(atomic, "exchange", lambda *_: False)
    before, key = path.read_bytes(), scene.workstation.key
    edit = scene.edit(path, old, new)
    after = before.replace(old.encode(), new.encode())
    states = set()
    for number in range(1, MOST_STEPS):
        record = EditRecord.of(edit)
        path.write_bytes(before)
        if not killed(lambda record=record: apply(edit, Path(record.temporary)), number):  # type: ignore[misc]
            break
        assert path.read_bytes() in (before, after)
        told = recover(record, key)
        assert recover(record, key) == told
        assert told.left == ""
        scene.nothing_is_left_over()
        assert {EditState.BEFORE: before, EditState.AFTER: after}[told.state] == path.read_bytes()
        states.add(told.state)
    else:
        raise AssertionError("it never ended")
    assert states == {EditState.BEFORE, EditState.AFTER}


def test_killed_at_every_step_of_an_undo(scene: Scene, path: Path, old: str, new: str) -> None:
    before, key = path.read_bytes(), scene.workstation.key
    edit = scene.edit(path, old, new)
    record = made(edit)
    after, states = path.read_bytes(), set()
    for number in range(1, MOST_STEPS):
        path.write_bytes(after)
        if not killed(lambda: undo(record, edit.removed, key), number):
            break
        told = recover(record, key, undoing=True)
        assert told.left == ""
        scene.nothing_is_left_over()
        assert {EditState.BEFORE: before, EditState.AFTER: after}[told.state] == path.read_bytes()
        states.add(told.state)
    assert path.read_bytes() == before
    assert states == {EditState.BEFORE, EditState.AFTER}


def record_of(scene: Scene, path: Path, old: str, new: str) -> tuple[ValueEdit, EditRecord]:
    edit = scene.edit(path, old, new)
    return edit, EditRecord.of(edit)


def test_a_half_written_next_version_is_removed(scene: Scene, path: Path, old: str, new: str) -> None:
    _, record = record_of(scene, path, old, new)
    Path(record.temporary).write_bytes(path.read_bytes()[:20])
    assert recover(record, scene.workstation.key).state is EditState.BEFORE
    scene.nothing_is_left_over()


def test_a_foreign_write_that_came_out_is_put_back(scene: Scene, path: Path, old: str, new: str) -> None:
    """Killed right after the exchange, while another program had written in between."""
    edit, record = record_of(scene, path, old, new)
    made(edit)
    foreign = b"FOREIGN=1\n"
    Path(record.temporary).write_bytes(foreign)
    assert recover(record, scene.workstation.key).state is EditState.OTHER
    assert path.read_bytes() == foreign
    scene.nothing_is_left_over()


def test_what_is_not_known_to_be_ours_is_told_not_deleted(scene: Scene, path: Path, old: str, new: str) -> None:
    _, record = record_of(scene, path, old, new)
    path.write_bytes(b"SOMETHING=1\n")
    Path(record.temporary).write_bytes(b"ELSE=1\n")
    told = recover(record, scene.workstation.key)
    assert told.state is EditState.OTHER
    assert told.left == record.temporary
    assert Path(record.temporary).exists()


def test_a_full_disk_leaves_the_file_as_it_was(
    scene: Scene, path: Path, old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = scene.edit(path, old, new)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritten, match="No space left"):
        made(edit)
    monkeypatch.undo()
    assert old in path.read_text()
    scene.nothing_is_left_over()
