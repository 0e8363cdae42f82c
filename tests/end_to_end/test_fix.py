"""The whole guide on a real terminal, on the demo workstation, in both orders: a person who types numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pexpect
import pytest

from tests.end_to_end.command import PROGRAM, environment

pytestmark = pytest.mark.timeout(300)
MENU = re.compile(r"(?m)^\s+(\d+)  (.*?)\s*$")


class Guide:
    """`dockhygiene demo fix`, and what it printed so far."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.child = pexpect.spawn(
            PROGRAM,
            ["demo", "fix", *arguments],
            env={**environment(home), "TERM": "dumb"},
            cwd=str(home),
            encoding="utf-8",
            timeout=60,
            dimensions=(60, 200),
        )
        self.said = ""

    def until(self, pattern: str) -> str:
        self.child.expect(pattern)
        text = (self.child.before or "") + (self.child.after or "")
        self.said += text
        return text.replace("\r", "")

    def choose(self, label: str, question: str = r"what now\?") -> None:
        """Picks the line of the menu that holds the label."""
        before = self.until(question)
        menu = self.until(r"\n> ")
        numbers = [number for number, text in MENU.findall(menu) if label in text]
        assert numbers, f"{label!r} is not offered: {before}{menu}"
        self.child.sendline(numbers[0])

    def answer(self, question: str, text: str = "") -> None:
        self.until(question)
        self.child.sendline(text)

    def number(self, question: str, label: str) -> None:
        self.choose(label, question)


def begin(home: Path, order: str) -> Guide:
    guide = Guide(home)
    guide.choose("16 characters  5 places", r"Which credential\?")
    guide.choose("Choose the order")
    guide.number(r"Which comes first\?", order)
    guide.answer("Who else depends", "the shop team")
    guide.answer("Where can the new one", "")
    guide.answer("If a service fails", "")
    return guide


def look(guide: Guide) -> None:
    guide.choose("Ask the registry whether the old one")
    guide.answer("Type ask to go on", "ask")
    guide.until("valid")
    guide.choose("Write down what was seen")
    guide.number("What do the logs show", "nothing unusual")
    guide.answer("What exactly", "")


def name_file(guide: Guide) -> None:
    guide.choose("name its htpasswd file")
    guide.answer("Path of the file on this machine", "")


def generate(guide: Guide) -> None:
    guide.choose("Add a user with a new password")
    guide.answer("Name of the new user", "")
    guide.answer("Type add to go on", "add")
    guide.until("valid")


def update(guide: Guide) -> None:
    guide.choose("Give docker the new login")
    guide.answer("Type give to go on", "give")
    guide.until("Proven: docker finds the new login")
    for file, way in (("config.json.bak", "left as it is"), (".bash_history", "nothing:"), (".env", "the new value")):
        guide.choose(f"Change ~/{'.docker/' if 'config' in file else 'src/shop/' if file == '.env' else ''}{file}")
        guide.number("What shall stand there", way)
        guide.answer("A note", "an old copy, deleted with the laptop" if "left" in way else "")
        if "left" not in way:
            guide.answer("Type change to go on", "change")
    guide.choose("Settle the use")
    guide.number("What became of it", "done, by hand")
    guide.answer("A note", "")
    guide.choose("Look everywhere again")
    guide.until("Proven: a scan found the old one nowhere")


def revoke(guide: Guide) -> None:
    guide.choose("Take the old user out")
    guide.answer("Type revoke to go on", "revoke")
    guide.until("Proven: refused by 127.0.0.1")


def finish(guide: Guide) -> None:
    guide.choose("Ask the registry for the rights")
    guide.answer("A repository that it must pull", "")
    guide.answer("Type test to go on", "test")
    guide.until("valid")


def watch_and_close(guide: Guide) -> str:
    guide.choose("Begin the watch")
    guide.answer("For how many days", "")
    guide.number("May a look verify", "once a day")
    guide.choose("End the watch before")
    guide.answer("Why before its time", "this is a test")
    guide.choose("Close the case")
    guide.answer("What prevents", "credsStore")
    guide.number("And here", "erase it")
    guide.answer("Type close to go on", "close")
    guide.child.expect(pexpect.EOF)
    guide.child.close()
    guide.said += guide.child.before or ""
    return guide.said


def test_generate_first(home: Path) -> None:
    guide = begin(home, "make the new one first")
    look(guide)
    name_file(guide)
    generate(guide)
    update(guide)
    finish(guide)
    revoke(guide)
    said = watch_and_close(guide)
    assert "This case is closed." in said
    assert guide.child.exitstatus == 0
    assert not re.search(r"-p [A-Za-z0-9_-]{12,}", said), "the line of the history is masked"


def test_revoke_first(home: Path) -> None:
    guide = begin(home, "revoke first")
    look(guide)
    name_file(guide)
    revoke(guide)
    generate(guide)
    update(guide)
    finish(guide)
    assert "This case is closed." in watch_and_close(guide)


@pytest.mark.parametrize("typed", ["", "yes", "REVOKE"])
def test_anything_but_the_word_revokes_nothing(home: Path, typed: str) -> None:
    guide = begin(home, "revoke first")
    look(guide)
    guide.choose("It cannot be proven here")
    guide.answer("How, by whom", "by the admin")
    guide.answer("Type revoke to go on", typed)
    guide.until("Nothing was done")
    guide.choose("leave; nothing is lost")
    guide.child.expect(pexpect.EOF)
    guide.child.close()
    assert guide.child.exitstatus == 1
    assert "goes on here" in (guide.child.before or "")


def test_ctrl_c_loses_nothing(home: Path) -> None:
    guide = begin(home, "make the new one first")
    guide.until(r"what now\?")
    guide.child.sendintr()
    guide.child.expect(pexpect.EOF)
    guide.child.close()
    assert guide.child.exitstatus == 130


def test_the_printed_guide_and_the_cheat_sheet(home: Path) -> None:
    guide = Guide(home, "--print", "ghcr.io")
    guide.child.expect(pexpect.EOF)
    guide.child.close()
    text = (guide.child.before or "").replace("\r", "")
    assert guide.child.exitstatus == 0
    for heading in ("## 1 Understand", "## 8 Close", "### What will stop working"):
        assert heading in text
    assert "publish.yml" in text and "GHCR" in text
