"""Killing a program exactly before and exactly after a system call, told by what it left behind."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.services.strace import Call, Side, WentAnotherWay, kill_at, syscalls

PYTHON = Path(sys.executable).resolve()
ROUNDS = 3
PROGRAM = """
import os, threading
for number in range(3):
    file = os.open(f"draft{number}", os.O_CREAT | os.O_WRONLY)
    os.write(file, b"half")
    os.write(file, b"whole")
    os.fsync(file)
    os.close(file)
    os.rename(f"draft{number}", f"done{number}")
os.unlink("done0")
thread = threading.Thread(target=lambda: open("by-thread", "w").close())
thread.start()
thread.join()
child = os.fork()
if not child:
    os.execv("/bin/sh", ["sh", "-c", "echo >child"])
os.waitpid(child, 0)
open("end", "w").close()
"""


def run(folder: Path) -> list[str]:
    folder.mkdir()
    return [str(PYTHON), "-IS", "-c", PROGRAM]


def record(folder: Path) -> list[Call]:
    return syscalls(run(folder), {}, under=folder, cwd=folder)


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def the(calls: list[Call], name: str, number: int) -> Call:
    return [call for call in calls if call.name.startswith(name)][number]


def test_the_record_is_the_program(tmp_path: Path) -> None:
    calls = record(tmp_path / "\u00e4")
    expected = ["openat", "write", "write", "fsync", "rename"] * ROUNDS + [
        "unlink",
        "openat",
        "openat",
        "write",
        "openat",
    ]
    assert [call.name for call in calls] == expected
    assert calls[4].paths == (str(tmp_path / "\u00e4/draft0"), str(tmp_path / "\u00e4/done0"))
    assert calls[1].paths == (str(tmp_path / "\u00e4/draft0"),)
    assert len({call.thread for call in calls}) == 3


FULL = {"draft1": "halfwhole"}
DONE0 = {"done0": "halfwhole"}
DONE = {"done1": "halfwhole", "done2": "halfwhole"}


@pytest.mark.parametrize(
    ("name", "number", "before", "after"),
    [
        ("openat", 1, DONE0, DONE0 | {"draft1": ""}),
        ("write", 2, DONE0 | {"draft1": ""}, DONE0 | {"draft1": "half"}),
        ("write", 3, DONE0 | {"draft1": "half"}, DONE0 | FULL),
        ("fsync", 1, DONE0 | FULL, DONE0 | FULL),
        ("rename", 1, DONE0 | FULL, {"done0": "halfwhole", "done1": "halfwhole"}),
        ("unlink", 0, DONE0 | DONE, DONE),
    ],
)
def test_killed_before_and_after(
    tmp_path: Path, name: str, number: int, before: dict[str, str], after: dict[str, str]
) -> None:
    call = the(record(tmp_path / "record"), name, number)
    cases: list[tuple[Side, dict[str, str]]] = [("before", before), ("after", after)]
    for side, expected in cases:
        folder = tmp_path / side
        met = kill_at(run(folder), {}, call, side, cwd=folder)
        assert (met.name, met.nth) == (call.name, call.nth)
        assert files(folder) == expected


def test_a_thread_and_a_child_are_told_from_the_main_thread(tmp_path: Path) -> None:
    calls = syscalls(run(tmp_path / "record"), {}, cwd=tmp_path / "record")
    in_thread = next(call for call in calls if call.paths[0].endswith("by-thread"))
    kill_at(run(tmp_path / "thread"), {}, in_thread, "after", cwd=tmp_path / "thread")
    assert files(tmp_path / "thread") == DONE | {"by-thread": ""}

    # The child's first execve has the same number as the one that started the program.
    shell = next(call for call in calls if call.paths == ("/bin/sh",))
    assert shell.nth == 1
    kill_at(run(tmp_path / "child"), {}, shell, "before", cwd=tmp_path / "child")
    assert files(tmp_path / "child") == DONE | {"by-thread": "", "end": ""}


def test_a_run_that_never_makes_the_call_is_an_error(tmp_path: Path) -> None:
    call = Call(0, "rename", (), 0, 99)
    with pytest.raises(WentAnotherWay):
        kill_at(run(tmp_path / "a"), {}, call, "before", cwd=tmp_path)
