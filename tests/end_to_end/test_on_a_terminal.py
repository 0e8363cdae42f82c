"""The command on a real terminal: what it asks, and that the safe answer is the easy one."""

from __future__ import annotations

import re
from pathlib import Path

import pexpect
import pytest

from tests.end_to_end.command import PROGRAM, dockhygiene, environment
from tests.end_to_end.keeping_helper import KeepingHelper
from tests.end_to_end.planting import HOST, everything, plant
from tests.guides.move.machine import entry


def terminal(home: Path, *args: str) -> pexpect.spawn[str]:
    return pexpect.spawn(
        PROGRAM,
        list(args),
        env={**environment(home), "TERM": "dumb"},
        cwd=str(home),
        encoding="utf-8",
        timeout=30,
        dimensions=(50, 200),
    )


def ends(child: pexpect.spawn[str]) -> tuple[int | None, str]:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before or ""


@pytest.mark.parametrize("typed", ["", "y", "yes", "MOVE", "mov"])
def test_anything_but_the_word_changes_nothing(home: Path, typed: str) -> None:
    word = plant(home)
    helper = KeepingHelper(home)
    before = everything(home)
    child = terminal(home, "move", "--all")
    child.expect("Type move to go on")
    child.sendline(typed)
    code, text = ends(child)
    assert code == 1
    assert "Nothing was changed." in text
    assert {path: held for path, held in everything(home).items() if "/kept/" not in path} == before
    assert helper.records() == {}
    assert word not in text


def test_the_word_moves(home: Path) -> None:
    plant(home)
    helper = KeepingHelper(home)
    child = terminal(home, "move", "--all")
    child.expect("Type move to go on")
    child.sendline("move")
    code, text = ends(child)
    assert code == 0
    assert "1 login moved and proven" in text
    assert HOST in helper.records()
    child = terminal(home, "undo", "last")
    child.expect("Type undo to go on")
    child.sendline("undo")
    code, text = ends(child)
    assert code == 0
    assert "plain text again" in text
    assert helper.records() == {}


@pytest.mark.parametrize(("typed", "user"), [("1", "alice"), ("2", "bob"), ("", None), ("3", None)])
def test_a_question_is_asked_and_return_leaves_all(home: Path, typed: str, user: str | None) -> None:
    plant(home, **{f"https://{HOST}/v1/": entry("bob")})
    helper = KeepingHelper(home)
    child = terminal(home, "move")
    child.expect("2 different logins")
    child.expect("> ")
    child.sendline("nonsense")
    child.expect("A number from 1 to 3")
    child.sendline(typed)
    if user is None:
        code, text = ends(child)
        assert (code, helper.records()) == (1, {})
        assert "Nothing can be moved" in text
        return
    child.expect("Type move to go on")
    child.sendline("move")
    code, _ = ends(child)
    assert code == 1  # the other login stays
    assert helper.records()[HOST]["Username"] == user


def test_ctrl_c_at_the_question_changes_nothing(home: Path) -> None:
    plant(home)
    helper = KeepingHelper(home)
    child = terminal(home, "move", "--all")
    child.expect("Type move to go on")
    child.sendintr()
    code, _ = ends(child)
    assert code == 130
    assert helper.records() == {}


def test_the_demo_moves(home: Path) -> None:
    before = everything(home)
    child = terminal(home, "demo", "move", "--all")
    child.expect("Type move to go on", timeout=60)
    child.sendline("move")
    child.expect("moved and proven")
    code, text = ends(child)
    assert code in (0, 1)
    assert "undo" in text
    assert everything(home) == before
    done = dockhygiene(home, "demo", "scan")
    assert done.returncode == 1
    assert "throw-away home" in done.stderr
    (demo_home,) = re.findall(r"HOME=(\S+)", done.stderr)
    assert not Path(demo_home).exists()
