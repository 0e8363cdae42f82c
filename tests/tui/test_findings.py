"""The first screen: the list, live; its keys; its panes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from checks import docker_config
from checks.model.finding import Confidence, Finding, Looked, Observation, Place, Severity, Skipped
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.scan import FindingFound, ItemSkipped
from guides.move.notice import Notice
from tests.tui.conftest import Home, made_up
from tests.tui.memory_store import MemoryStore, access_to
from tests.tui.screen import SIZES, dump, pressed, settled
from tui.app import DockhygieneApp
from tui.messages import EventsArrived, NoticesArrived
from tui.screens.findings import ORDERS
from tui.session import Session
from tui.widgets.credential_list import CredentialList


class FakeCheck:
    """Yields what it was given, then goes on until it is stopped when `endless`."""

    def __init__(self, name: str, *observations: Observation, endless: bool = False) -> None:
        self.id = self.title = name
        self.observations = observations
        self.endless = endless
        self.stopped = threading.Event()

    def survey(self, workstation: Workstation) -> Iterator[Observation]:
        try:
            yield from self.observations
            while self.endless and not workstation.cancelled.wait(0.01):
                yield Looked("a", 1)
        finally:
            self.stopped.set()

    def claims(self, path: Path) -> bool:
        return False

    def read(self, workstation: Workstation, path: Path) -> Iterator[Observation]:
        yield from ()


def found(
    registry: str | None = "ghcr.io",
    *,
    secret: str | None = "",
    path: str = "/home/a/.env",
    severity: Severity = Severity.HIGH,
    confidence: Confidence = Confidence.CERTAIN,
    user: str = "alice",
    title: str = "plain-text login",
) -> Finding:
    held = None if secret is None else Secret(secret or made_up())
    place = Place(path, line=3)
    return Finding("env-files", "env-secret", title, severity, confidence, place, held, registry, user)


def app_with(session: Session, *checks: FakeCheck) -> DockhygieneApp:
    return DockhygieneApp(session, checks, access_to(MemoryStore()))


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_shows_credentials_by_severity_and_no_secret(
    home: Home, session: Session, size: tuple[int, int]
) -> None:
    app = DockhygieneApp(session, (docker_config,))
    async with app.run_test(size=size) as pilot:
        screen = await settled(pilot)
        lines = screen.splitlines()
        rows = [line for line in lines if "~/.docker/config.json:" in line and line[2:].lstrip(" !>")]
        assert "critical" in rows[0] and "ghcr.io" in rows[0] and "alice" in rows[0] and "ghp_..." in rows[0]
        assert "high" in rows[1] and "quay.io" in rows[1] and "64 characters" in rows[1]
        assert "2 credentials in 2 places" in screen
        assert "looked at 1 file" in screen
        assert all(key in lines[-1] for key in ("enter open", "F fix all safe", "/ filter", "? help", "q quit"))
        home.assert_absent(screen)
        home.assert_absent(app.export_screenshot())


async def test_details_open_below_with_enter_and_close_with_escape(session: Session) -> None:
    app = DockhygieneApp(session, (docker_config,))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Lies in" not in await settled(pilot)
        screen = await pressed(pilot, "enter")
        assert "ghcr.io / alice" in screen and "What it is  A classic GitHub token" in screen
        assert "Lies in     ~/.docker/config.json:4" in screen and "not encryption" in screen
        assert "Next        Move it into a credential store" in screen
        assert "Lies in" not in await pressed(pilot, "escape")


async def test_details_follow_the_cursor_on_a_wide_screen(session: Session) -> None:
    async with DockhygieneApp(session, (docker_config,)).run_test(size=(120, 40)) as pilot:
        assert "ghcr.io / alice" in await settled(pilot)
        assert "quay.io / acme+ci" in await pressed(pilot, "j")
        assert "ghcr.io / alice" in await pressed(pilot, "k")
        await pressed(pilot, "tab")
        assert pilot.app.focused and pilot.app.focused.id == "details"


async def test_findings_arrive_live_and_the_cursor_stays_on_its_row(session: Session) -> None:
    async with app_with(session, FakeCheck("quiet")).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen = pilot.app.screen
        screen.post_message(EventsArrived(deque([FindingFound(found("a.example")), FindingFound(found("b.example"))])))
        assert "2 credentials in 1 place" in await settled(pilot)
        await pressed(pilot, "j")
        screen.post_message(EventsArrived(deque([FindingFound(found("new.example", severity=Severity.CRITICAL))])))
        screen.post_message(EventsArrived(deque([ItemSkipped(Skipped("env-files", "/x", "too large"))])))
        await settled(pilot)
        app = pilot.app
        assert isinstance(app, DockhygieneApp)
        app.findings._repaint()
        lines = dump(pilot).splitlines()
        rows = [line for line in lines if ".example" in line and ("critical" in line or "high" in line)]
        assert "new.example" in rows[0]
        assert next(line for line in rows if line.startswith(">")).split()[1:3] == ["high", "b.example"]
        assert "1 not looked at (n)" in "\n".join(lines)


async def test_one_secret_in_several_places_is_one_line(session: Session) -> None:
    secret = made_up("ghp_")
    check = FakeCheck("env-files", found(secret=secret), found(secret=secret, path="/home/a/other"))
    async with app_with(session, check).run_test(size=(80, 24)) as pilot:
        assert "1 credential in 2 places" in await settled(pilot)
        assert "2 places: /home/a/.env:3" in dump(pilot)


async def test_escape_stops_the_scan_and_r_looks_again(session: Session) -> None:
    check = FakeCheck("endless", found(), endless=True)
    async with app_with(session, check).run_test(size=(80, 24)) as pilot:
        while "1 credential" not in dump(pilot):
            await pilot.pause()
        assert "looking: endless" in dump(pilot) and "esc stops" in dump(pilot)
        screen = await pressed(pilot, "escape")
        assert check.stopped.is_set()
        assert "stopped after" in screen and "1 credential" in screen
        check.endless = False
        screen = await pressed(pilot, "r")
        assert "looked at" in screen and "1 credential in 1 place" in screen


async def test_quitting_stops_the_scan(session: Session) -> None:
    check = FakeCheck("endless", endless=True)
    app = app_with(session, check)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("q")
    assert check.stopped.wait(5) and app.return_value == 0


async def test_filter_narrows_while_typing_and_escape_clears_it(session: Session) -> None:
    check = FakeCheck("x", found("ghcr.io"), found("quay.io", severity=Severity.CRITICAL, user="bob"))
    async with app_with(session, check).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "slash", *"severity>=crit")
        assert "/ severity>=crit    1 credential" in screen and "ghcr.io " not in screen
        screen = await pressed(pilot, "enter")
        assert pilot.app.focused and pilot.app.focused.id == "list"
        screen = await pressed(pilot, "escape")
        assert "2 credentials in" in screen and "ghcr.io" in screen
        screen = await pressed(pilot, "slash", *"severity>=x")
        assert "severity is one of low, medium, high, critical" in screen and "ghcr.io" in screen
        screen = await pressed(pilot, *["backspace"] * 11, *"nosuch")
        assert "Nothing here matches the filter" in screen
        assert "2 credentials in" in await pressed(pilot, "escape")


@pytest.mark.parametrize("first", [0, 1])
async def test_the_order_does_not_depend_on_what_was_found_first(session: Session, first: int) -> None:
    both = [found("a.example"), found("z.example")]
    check = FakeCheck("x", both[first], both[1 - first])
    async with app_with(session, check).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for _ in ORDERS:
            rows = pilot.app.screen.query_one(CredentialList).rows
            assert [row.name for row in rows] == ["a.example", "z.example"]
            await pressed(pilot, "s")


async def test_sort_cycles(session: Session) -> None:
    first = found("z.example", severity=Severity.CRITICAL)
    check = FakeCheck("x", first, found("a.example"))
    async with app_with(session, check).run_test(size=(80, 24)) as pilot:
        await settled(pilot)

        def order() -> list[str]:
            return [row.name for row in pilot.app.screen.query_one(CredentialList).rows]

        assert order() == ["z.example", "a.example"]
        assert "by registry (s)" in await pressed(pilot, "s") and order() == ["a.example", "z.example"]
        assert "by places (s)" in await pressed(pilot, "s")
        await pressed(pilot, "s")
        assert order() == ["z.example", "a.example"]


async def test_possible_findings_are_hidden_until_asked_for(session: Session) -> None:
    check = FakeCheck("x", found("sure.example"), found("maybe.example", confidence=Confidence.POSSIBLE))
    async with app_with(session, check).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        assert "maybe.example" not in screen and "1 possible, hidden (a)" in screen
        assert "maybe.example" in await pressed(pilot, "a")


async def test_a_weak_setting_is_a_row_too(session: Session) -> None:
    weak = found(None, secret=None, path="/home/a/.docker/config.json", severity=Severity.MEDIUM, title="mode 0644")
    async with app_with(session, FakeCheck("x", weak)).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        assert "medium    config.json  mode 0644" in screen and "1 weak setting" in screen
        assert "No secret stands here" in await pressed(pilot, "enter")


async def test_movement_keys(session: Session) -> None:
    findings = [found(f"r{number:02}.example") for number in range(60)]
    async with app_with(session, FakeCheck("x", *findings)).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        credentials = pilot.app.screen.query_one(CredentialList)
        for key, position in (("j", 1), ("down", 2), ("k", 1), ("up", 0), ("G", 59), ("g", 0)):
            await pressed(pilot, key)
            assert credentials.cursor == position, key
        await pressed(pilot, "ctrl+d")
        half = credentials.cursor
        assert 5 <= half <= 15
        await pressed(pilot, "ctrl+u")
        assert credentials.cursor == 0
        assert "r59.example" in await pressed(pilot, "G")


async def test_what_was_not_looked_at_is_listed(session: Session) -> None:
    check = FakeCheck("x", Skipped("x", "/etc/shadow", "not readable: Permission denied", size=812))
    async with app_with(session, check).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        assert "1 not looked at (n)" in screen and "1 place could not be looked at" in screen
        screen = await pressed(pilot, "n")
        assert "/etc/shadow" in screen and "Permission denied" in screen and "812 bytes" in screen
        assert "dockhygiene  alice" in await pressed(pilot, "n")


async def test_a_check_that_fails_is_told(session: Session) -> None:
    class Broken(FakeCheck):
        def survey(self, workstation: Workstation) -> Iterator[Observation]:
            yield Looked("a", 1)
            raise ValueError("content of a file")

    async with app_with(session, Broken("broken")).run_test(size=(80, 24)) as pilot:
        assert "failed: broken (n)" in await settled(pilot)
        screen = await pressed(pilot, "n")
        assert "broken ended early" in screen and "ValueError in" in screen and "content of a file" not in screen


@pytest.mark.parametrize("closing", ["question_mark", "q", "escape"])
async def test_help_opens_scrolls_and_closes(session: Session, closing: str) -> None:
    async with app_with(session, FakeCheck("x")).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "question_mark")
        assert "Help" in screen and "fix everything safe" not in screen.splitlines()[0]
        assert await pressed(pilot, "j", "j", "j") != screen
        assert await pressed(pilot, "k", "k", "k") == screen
        assert "dockhygiene  alice" in await pressed(pilot, closing)


async def test_y_copies_the_path_and_nothing_else(session: Session) -> None:
    app = DockhygieneApp(session, (docker_config,))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pressed(pilot, "y")
        assert app.clipboard == "~/.docker/config.json"


async def test_notices_are_shown_with_their_action_until_put_away(session: Session) -> None:
    async with app_with(session, FakeCheck("x")).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        pilot.app.screen.post_message(NoticesArrived((Notice("A move was [/]interrupted.", "dockhygiene move --all"),)))
        screen = await settled(pilot)
        assert "A move was [/]interrupted." in screen and "Next: dockhygiene move --all" in screen
        assert "interrupted" not in await pressed(pilot, "escape")


async def test_the_banner_stays(home: Home) -> None:
    app = DockhygieneApp(home.session("This is the demo: nothing here is yours."), (docker_config,))
    async with app.run_test(size=(80, 24)) as pilot:
        assert (await settled(pilot)).splitlines()[0].strip() == "This is the demo: nothing here is yours."


async def test_below_sixty_by_sixteen_only_q_acts(home: Home, session: Session) -> None:
    app = DockhygieneApp(session, (docker_config,), access_to(MemoryStore()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(50, 12)
        assert "too small" in await settled(pilot)
        before = home.config.read_bytes()
        screen = await pressed(pilot, "F", "enter", "y", "question_mark", "ctrl+p", "n", "escape")
        assert "too small" in screen and home.config.read_bytes() == before
        await pilot.resize_terminal(80, 24)
        assert "2 credentials" in await settled(pilot)
        await pilot.resize_terminal(59, 24)
        await settled(pilot)
        await pilot.press("q")
    assert app.return_value == 0


async def test_the_command_palette_opens_and_runs(session: Session) -> None:
    async with DockhygieneApp(session, (docker_config,)).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Fix everything safe" in await pressed(pilot, "ctrl+p")
        await pressed(pilot, *"not looked", "enter")
        assert "Not looked at: 0 places" in await settled(pilot)


HOSTILE = ("[/]", "[red]x[/red]", "[[[x]", "a\x1b[31mb\x1b]0;t\x07", "\u202egnp.exe", "\u200bzero", "\udcff\udc80")


@pytest.mark.parametrize(("name", "size"), list(zip(HOSTILE, cycle(SIZES), strict=False)))
async def test_hostile_names_are_shown_harmlessly(home: Home, name: str, size: tuple[int, int]) -> None:
    findings = (
        found(name, user=name, path=f"/home/{name}", title=name),
        found(None, secret=None, path=f"/x/{name}", title=name),
    )
    check = FakeCheck("x", *findings, Skipped("x", f"/s/{name}", name))
    async with app_with(home.session(name), check).run_test(size=size) as pilot:
        pilot.app.screen.post_message(NoticesArrived((Notice(name, name),)))
        screens = [await settled(pilot)]
        screens += [await pressed(pilot, key) for key in ("enter", "escape", "j", "y", "n", "escape")]
        screens.append(await pressed(pilot, "slash", *"[/]"))
        whole = "\n".join(screens)
        for raw in ("\x1b", "\x07", "\u202e", "\u200b", "\udcff"):
            assert raw not in whole
        if name.startswith("["):
            assert name in whole, "markup was read"
