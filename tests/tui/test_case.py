"""The guide in the app: whole walks on the demo workstation, whose registry and store are real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from checks import docker_config
from checks.trees.trees import Trees
from guides.case.file import opened, read_all
from guides.case.model import StepId, StepState
from guides.steps.catalog import STEPS
from tests.tui.conftest import Home
from tests.tui.screen import SIZES, dump, pressed, settled
from tui.app import DockhygieneApp
from tui.commands.demo import demo_session
from tui.screens.case.action import ActionScreen
from tui.screens.case.case import CaseScreen
from tui.session import Session
from tui.widgets.choices import Choices
from tui.widgets.credential_list import CredentialList
from tui.widgets.secret_field import SecretField


@pytest.fixture
def demo() -> Iterator[Session]:
    with demo_session() as session:
        yield session


def planted(session: Session) -> str:
    """The demo registry's password, which no screen may show."""
    for line in (session.workstation.home / "src/shop/.env").read_text().splitlines():
        if line.startswith("REGISTRY_PASSWORD="):
            return line.partition("=")[2]
    raise AssertionError("the demo has no .env")


def told(screen: CaseScreen) -> str:
    """All that the step shown has to say, also what is out of view."""
    assert screen.walk_held and screen.shown
    chapters = STEPS[screen.shown].chapters(screen.walk_held)
    return "\n".join(text for one in chapters for text in (one.title, *one.paragraphs))


def app_on(session: Session) -> DockhygieneApp:
    """The app as it is started: it reads the repositories below the home folder too."""
    return DockhygieneApp(session, trees=Trees(None, session.state.path, repositories=True))


class Walker:
    """A person at the app."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot
        self.seen: list[str] = []

    async def shown(self) -> str:
        text = await settled(self.pilot)
        self.seen.append(text)
        return text

    async def open_case(self, held: str) -> CaseScreen:
        """The guide for the credential whose masked form this is."""
        await settled(self.pilot)
        rows = self.pilot.app.screen.query_one(CredentialList)
        position = next(number for number, row in enumerate(rows.rows) if row.held == held and row.credential)
        await pressed(self.pilot, "g", *["j"] * position, "f")
        await self.shown()
        screen = self.pilot.app.screen
        assert isinstance(screen, CaseScreen)
        return screen

    async def act(self, label: str, **answers: str) -> str:
        """Chooses an action, answers what it asks, agrees, and goes back to the case; what was told."""
        case = self.pilot.app.screen
        assert isinstance(case, CaseScreen), dump(self.pilot)
        labels = [action.title for action in case.offered]
        number = next((at for at, title in enumerate(labels) if label in title), None)
        assert number is not None, f"{label!r} is not among {labels}"
        choices = case.query_one("#actions", Choices)
        choices.highlighted = number
        await pressed(self.pilot, "enter")
        screen = self.pilot.app.screen
        assert isinstance(screen, ActionScreen)
        offered = await self.shown()
        if screen.offer and not screen.ended:
            await self._answer(screen, answers)
            await pressed(self.pilot, "ctrl+s")
        told = await self.shown()
        assert screen.ended, told
        await pressed(self.pilot, "enter")
        await self.shown()
        return offered + told

    async def _answer(self, screen: ActionScreen, answers: dict[str, str]) -> None:
        assert screen.offer
        for ask in screen.offer.asks:
            field = screen.query_one(f"#ask-{ask.id}")
            if ask.word:
                answers.setdefault(ask.id, ask.word)
            if ask.id not in answers:
                continue
            if isinstance(field, Choices):
                field.highlighted = next(at for at, (answer, _) in enumerate(ask.choices) if answer == answers[ask.id])
            elif isinstance(field, Input):
                field.value = answers[ask.id]
            else:
                assert isinstance(field, SecretField)
                field.focus()
                await self.pilot.press(*answers[ask.id])


@pytest.mark.parametrize("order", ["generate-first", "revoke-first"])
@pytest.mark.parametrize("size", [(110, 40)])
@pytest.mark.timeout(300)
async def test_a_whole_walk(demo: Session, order: str, size: tuple[int, int]) -> None:
    password = planted(demo)
    app = app_on(demo)
    async with app.run_test(size=size) as pilot:
        walker = Walker(pilot)
        await walker.open_case("16 characters")
        await walker.act("Choose the order", order=order, contact="the shop team")
        assert "accepts it" in await walker.act("Ask the registry whether the old one")
        await walker.act("Write down what was seen")
        await walker.act("name its htpasswd file")
        if order == "revoke-first":
            assert "Proven: refused by 127.0.0.1" in await walker.act("Take the old user out")
        await walker.act("Add a user with a new password")
        assert "Proven: docker finds the new login" in await walker.act("Give docker the new login")
        await walker.act("config.json.bak", way="left", note="goes with the laptop")
        history = await walker.act(".bash_history", way="nothing")
        assert "docker login 127.0.0.1" in history and password not in history
        await walker.act("src/shop/.env", way="value")
        await walker.act("Settle the use")
        assert "Proven: a scan found" in await walker.act("Look everywhere again")
        assert "accepts it" in await walker.act("Ask the registry for the rights")
        if order == "generate-first":
            assert "Proven: refused by 127.0.0.1" in await walker.act("Take the old user out")
        await walker.act("Begin the watch", verify="yes")
        await walker.act("End the watch", why="a test")
        await walker.act("Close the case", prevent="credsStore")
        (case,) = read_all(demo.state).cases
        assert case.closed and case.old.dead
        assert all(case.step(step).state is StepState.DONE for step in case.path)
        await pressed(pilot, "escape")
        listed = await walker.shown()
        assert "case" in listed
    for text in walker.seen:
        assert password not in text
    assert password not in (demo.workstation.home / "src/shop/.env").read_text()


@pytest.mark.parametrize("size", SIZES)
async def test_every_step_can_be_read_at_every_size(demo: Session, size: tuple[int, int]) -> None:
    app = app_on(demo)
    async with app.run_test(size=size) as pilot:
        walker = Walker(pilot)
        await walker.open_case("16 characters")
        for title in ("Understand", "Evidence", "Generate", "Update", "Test", "Revoke", "Monitor", "Close"):
            text = await walker.shown()
            assert title in text
            assert planted(demo) not in text and planted(demo) not in app.export_screenshot()
            await pressed(pilot, "]")


async def test_without_a_store_the_new_one_has_no_place_and_the_rest_goes_on(home: Home) -> None:
    app = DockhygieneApp(home.session(), (docker_config,))
    async with app.run_test(size=(110, 40)) as pilot:
        walker = Walker(pilot)
        await settled(pilot)
        await pressed(pilot, "f")
        await walker.act("Choose the order", order="generate-first")
        await walker.act("Write down what was seen", seen="unknown")
        case = pilot.app.screen
        assert isinstance(case, CaseScreen) and case.shown is StepId.GENERATE
        assert [action.id for action in case.offered] == ["store", "skip"]
        assert "No store works here" in told(case)
        for text in walker.seen:
            home.assert_absent(text)


async def test_cancel_and_escape_do_nothing(demo: Session) -> None:
    app = app_on(demo)
    async with app.run_test(size=(110, 40)) as pilot:
        walker = Walker(pilot)
        case = await walker.open_case("16 characters")
        before = read_all(demo.state)
        case.query_one("#actions", Choices).highlighted = 0
        await pressed(pilot, "enter", "escape")
        assert read_all(demo.state) == before
        await pressed(pilot, "enter")
        app.screen.query_one("#cancel", Button).press()
        await settled(pilot)
        assert app.screen is case
        assert read_all(demo.state) == before


async def test_a_case_that_another_program_has_open(demo: Session) -> None:
    app = app_on(demo)
    async with app.run_test(size=(110, 40)) as pilot:
        walker = Walker(pilot)
        await walker.open_case("16 characters")
        await pressed(pilot, "escape")
        await settled(pilot)
        (case,) = read_all(demo.state).cases
        with opened(demo.state, case):
            await pressed(pilot, "c", "enter")
            assert "is open in another dockhygiene" in await walker.shown()
        await pressed(pilot, "escape")
        await settled(pilot)
        await pressed(pilot, "c", "enter")
        assert "1 Understand" in await walker.shown()
