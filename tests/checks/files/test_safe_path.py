"""Which folders a program may be started from."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from checks.files import safe_path
from checks.files.safe_path import safe_entries, unsafe_chain, unsafe_entry, unsafe_program


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir(mode=0o755)
    file = tmp_path / "bin" / "tool"
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("entry", "why"), [("", "empty"), (".", "relative"), ("bin", "relative"), ("../bin", "relative")]
)
def test_refuses_entries_that_depend_on_the_current_folder(entry: str, why: str) -> None:
    assert why in (unsafe_entry(entry) or "")


def test_accepts_a_folder_of_ones_own(program: Path) -> None:
    assert unsafe_program(program) is None
    assert unsafe_entry(str(program.parent)) is None
    assert unsafe_entry(str(program.parent / "absent")) is None


@pytest.mark.parametrize("mode", [0o757, 0o777, 0o1777])
def test_refuses_a_folder_that_everybody_can_change(program: Path, mode: int) -> None:
    program.parent.chmod(mode)
    assert "everybody" in (unsafe_program(program) or "")
    assert list(safe_entries({"PATH": str(program.parent)})) == []


def test_refuses_below_a_folder_that_everybody_can_change_unless_it_is_sticky(program: Path) -> None:
    program.parent.parent.chmod(0o777)
    assert "everybody" in (unsafe_chain(program.parent) or "")
    program.parent.parent.chmod(0o1777)
    assert unsafe_chain(program.parent) is None


def test_refuses_a_file_that_everybody_can_change(program: Path) -> None:
    program.chmod(0o777)
    assert "everybody" in (unsafe_program(program) or "")


def test_refuses_a_link_into_an_unsafe_folder(program: Path, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    target = tmp_path / "open" / "tool"
    program.rename(target)
    program.symlink_to(target)
    assert unsafe_program(program) is None
    target.parent.chmod(0o777)
    assert "everybody" in (unsafe_program(program) or "")


def test_refuses_what_belongs_to_another_user(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_path, "_trusted", lambda: frozenset({os.geteuid() + 4242}))
    assert "belongs to another user" in (unsafe_program(program) or "")


def test_a_group_matters_only_when_it_may_write_and_has_others(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_path, "_has_other_members", lambda gid: True)
    assert unsafe_program(program) is None
    program.parent.chmod(0o775)
    assert "members of its group" in (unsafe_program(program) or "")
    monkeypatch.setattr(safe_path, "_has_other_members", lambda gid: False)
    assert unsafe_program(program) is None


def test_who_is_in_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    me, other = os.geteuid(), os.geteuid() + 4242
    users = {"me": me, "root": 0, "mallory": other}
    groups = {1: ["me", "root"], 2: ["me", "mallory"], 3: ["nobody-of-this-name"], 4: []}
    everybody = [SimpleNamespace(pw_gid=4, pw_uid=other), SimpleNamespace(pw_gid=1, pw_uid=me)]
    monkeypatch.setattr(safe_path.grp, "getgrgid", lambda gid: SimpleNamespace(gr_mem=groups[gid]))
    monkeypatch.setattr(safe_path.pwd, "getpwnam", lambda name: SimpleNamespace(pw_uid=users[name]))
    monkeypatch.setattr(safe_path.pwd, "getpwall", lambda: everybody)
    # 4: mallory's primary group; 5: a group without a name, nobody's
    assert [gid for gid in range(1, 6) if safe_path._has_other_members(gid)] == [2, 4]
