"""How code should read what was found, in the app: chosen, copied, written to a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.conftest import Home
from tests.tui.memory_store import MemoryStore, access_to
from tests.tui.screen import SIZES, pressed, settled
from tui.app import DockhygieneApp
from tui.screens.snippet import SnippetScreen
from tui.session import Session


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_finding_shows_how_code_should_read_it(
    size: tuple[int, int], home: Home, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    app = DockhygieneApp(session, access=access_to(MemoryStore()))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        shown = await pressed(pilot, "h")
        assert isinstance(app.screen, SnippetScreen)
        assert "How code should read ghcr.io" in shown and "environment variable" in shown
        assert "ran: our tests read a secret with it" in " ".join(shown.split())
        home.assert_absent(shown)
        await pressed(pilot, "y")
        copied = app.clipboard
        compile(copied, "snippet", "exec")
        assert '"GHCR_IO_TOKEN"' in copied
        asked = await pressed(pilot, "w")
        assert "read_secret.py?" in asked
        await pressed(pilot, "enter")  # Cancel has the focus
        assert list(work.iterdir()) == []
        await pressed(pilot, "w", "y")
        assert (work / "read_secret.py").read_text() == copied
        (work / "read_secret.py").write_text("mine")
        await pressed(pilot, "w", "y")
        assert "is there already" in [told.message for told in app._notifications][-1]
        assert (work / "read_secret.py").read_text() == "mine"
        await pressed(pilot, "escape")
        assert app.screen is app.findings
