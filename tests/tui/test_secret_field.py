"""The field for secrets: the value is in no event, log, repr or picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import constants, events
from textual.app import ComposeResult
from textual.screen import Screen

from checks.model.secret import Secret
from tests.tui.conftest import made_up
from tests.tui.screen import dump, pressed, settled
from tui.app import DockhygieneApp
from tui.session import Session
from tui.widgets.secret_field import SecretField


class FieldScreen(Screen[None]):
    def compose(self) -> ComposeResult:
        yield SecretField("Token:")


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "textual.log"
    monkeypatch.setattr(constants, "LOG_FILE", str(path))
    return path


async def test_what_is_typed_and_pasted_is_nowhere_but_in_the_secret(session: Session, log: Path) -> None:
    pasted, typed = made_up("dckr_pat_", 27), "".join(reversed("abcdefghij0123456789"))
    app = DockhygieneApp(session, ())
    async with app.run_test() as pilot:
        await app.push_screen(FieldScreen())
        await pilot.pause()
        field = app.screen.query_one(SecretField)
        assert app.focused is field
        await pilot.press(*typed)
        key = events.Key("q", "q")
        app.post_message(key)  # not "quit" here
        paste = events.Paste(f"{pasted}\r\n")
        app.post_message(paste)
        await settled(pilot)
        assert field.characters == len(typed) + 1 + len(pasted)
        shown = dump(pilot) + app.export_screenshot() + repr(paste) + repr(key) + repr(field) + repr(vars(paste))
        for value in (pasted, typed):
            assert value not in shown
        assert "\u2022" * 30 in shown
        handed = field.hand_over()
        assert handed == Secret(f"{typed}q{pasted}") and field.characters == 0
    logged = log.read_text()
    assert "FieldScreen" in logged, "the log was on"
    assert pasted not in logged and "Paste(" not in logged
    assert not [line for line in logged.splitlines() if line.startswith("Key(") and "character='9'" in line]


async def test_editing_and_leaving_keys(session: Session) -> None:
    app = DockhygieneApp(session, ())
    async with app.run_test() as pilot:
        await app.push_screen(FieldScreen())
        await pilot.pause()
        field = app.screen.query_one(SecretField)
        await pressed(pilot, *"abc", "backspace", "space", "?")
        assert field.characters == 4
        await pressed(pilot, "ctrl+u")
        assert field.characters == 0 and app.screen.query_one(SecretField) is field
        await pressed(pilot, "ctrl+q")
    assert app.return_value == 0


async def test_the_value_is_not_selected_or_copied(session: Session) -> None:
    app, secret = DockhygieneApp(session, ()), made_up()
    async with app.run_test() as pilot:
        await app.push_screen(FieldScreen())
        await pilot.pause()
        app.post_message(events.Paste(secret))
        await settled(pilot)
        await pressed(pilot, "ctrl+a", "ctrl+c", "ctrl+x")
        assert secret not in app.clipboard
        assert app.screen.get_selected_text() is None
