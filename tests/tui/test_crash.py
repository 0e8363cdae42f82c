"""A crash prints where it happened, and no local variable. Look again at every bump of Textual."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tui.conftest import made_up
from tui.app import DockhygieneApp
from tui.session import Session

ROOT = Path(__file__).parents[2]
CRASHING = """
import os
from tui.app import DockhygieneApp
from tui.session import open_session

class Crashing(DockhygieneApp):
    def on_ready(self):
        password = os.environ["CANARY"]
        nested = {"held": [password]}
        raise RuntimeError("crashed on purpose")

Crashing(open_session(), ()).run()
"""


def run_in_terminal(home: Path, canary: str) -> str:
    """Everything that the program wrote to its terminal."""
    master, slave = pty.openpty()
    script = home / "crashing.py"
    script.write_text(CRASHING)
    environment = {"HOME": str(home), "CANARY": canary, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment) as process:
        os.close(slave)
        written = b""
        while True:
            try:
                chunk = os.read(master, 65536)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            written += chunk
        process.wait(60)
    os.close(master)
    return written.decode("utf-8", "replace")


def test_a_crash_prints_no_local_variable(tmp_path: Path) -> None:
    canary = made_up("ghp_")
    written = run_in_terminal(tmp_path, canary)
    assert "crashed on purpose" in written and "RuntimeError" in written
    assert canary not in written and "locals" not in written


async def test_the_override_is_still_what_textual_calls(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    canary = made_up("ghp_")

    class Crashing(DockhygieneApp):
        def on_ready(self) -> None:
            held = canary
            raise RuntimeError(f"crashed with {len(held)} characters")

    with pytest.raises(RuntimeError):
        async with Crashing(session, ()).run_test() as pilot:
            await pilot.pause()
    shown = capsys.readouterr()
    assert canary not in shown.out + shown.err


def test_without_colour_the_theme_is_one_that_can_be_read(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(DockhygieneApp, "theme", DockhygieneApp.theme)
    app = DockhygieneApp(session, ())
    assert app.theme == "textual-dark" and app.no_color
