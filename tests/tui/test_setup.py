"""Setting up a store from the app: shown and asked first. What then runs is tested with the stores."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import docker_config
from checks.model.secret import Secret
from guides.stores.own.install import InstallPlan
from guides.stores.pass_setup import PassSetup, SetupStep
from guides.stores.store import Probe, StoreMissing
from tests.tui.conftest import Home, made_up
from tests.tui.memory_store import MemoryStore, access_to
from tests.tui.screen import dump, pressed, settled
from tui.app import DockhygieneApp
from tui.screens.move import own_helper, pass_setup


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore("memory", Probe(False, "pass is not initialised", "pass init"))


@pytest.fixture
def app(home: Home, store: MemoryStore) -> DockhygieneApp:
    return DockhygieneApp(home.session(), (docker_config,), access_to(store))


class FakePass:
    """Stands for guides.stores.pass_setup: plans a key, remembers what it was given."""

    def __init__(self, store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = store
        self.given: list[Secret | None] = []
        monkeypatch.setattr(pass_setup, "plan_pass_setup", self.plan)
        monkeypatch.setattr(pass_setup.pass_setup, "apply", self.apply)

    def plan(self, environ: dict[str, str], *, with_passphrase: bool = False) -> PassSetup:
        steps = (SetupStep("Create a key", ("gpg", "--quick-generate-key", "[/]")),)
        note = "With a passphrase" if with_passphrase else "Without a passphrase"
        return PassSetup(steps, (note,), (), Path("/x"), False, None, environ)

    def apply(self, plan: PassSetup, passphrase: Secret | None = None) -> Probe:
        self.given.append(passphrase)
        self.store.answer = Probe(True, "works now")
        return self.store.answer


async def test_pass_is_planned_confirmed_run_and_the_stores_tried_again(
    app: DockhygieneApp, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakePass(store, monkeypatch)
    async with app.run_test() as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F", "enter")
        assert "Create a key" in screen and "gpg --quick-generate-key '[/]'" in screen
        assert "Without a passphrase" in screen
        assert "Run these commands?" in await pressed(pilot, "enter")
        await pressed(pilot, "enter")
        assert not fake.given
        screen = await pressed(pilot, "enter", "y")
        assert fake.given == [None]
        assert "Preview: 2 logins into memory store" in screen  # F goes on by itself


async def test_a_passphrase_is_asked_twice_and_shown_nowhere(
    app: DockhygieneApp, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, word = FakePass(store, monkeypatch), made_up(length=12)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        assert "With a passphrase" in await pressed(pilot, "F", "enter", "p")
        assert "Passphrase for the new key:" in await pressed(pilot, "enter")
        assert "The same passphrase again:" in await pressed(pilot, *word, "enter")
        screen = await pressed(pilot, *"other", "enter")
        assert "the two were not the same" in screen
        await pressed(pilot, *word, "enter", *word)
        assert word not in dump(pilot) and word not in app.export_screenshot()
        assert "Run these commands?" in await pressed(pilot, "enter")
        await pressed(pilot, "y")
        assert fake.given == [Secret(word)]


async def test_escape_leaves_the_passphrase_then_the_set_up(
    app: DockhygieneApp, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakePass(store, monkeypatch)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pressed(pilot, "F", "enter", "p", "enter", "a")
        assert "Create a key" in await pressed(pilot, "escape")
        assert "No store works here yet" in await pressed(pilot, "escape")
        assert not fake.given


async def test_our_own_helper_is_shown_before_it_is_written(
    app: DockhygieneApp, store: MemoryStore, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = home.path / ".local" / "bin" / "docker-credential-dockhygiene"

    def install(plan: InstallPlan) -> Path:
        target.parent.mkdir(parents=True)
        target.write_bytes(plan.content)
        store.answer = Probe(True, "works now")
        return target

    planned = InstallPlan(target, Path("/usr/bin/python3"), b"x" * 4096, None, "cron does not look there")
    monkeypatch.setattr(own_helper, "plan_install", lambda environ: planned)
    monkeypatch.setattr(own_helper, "install", install)
    async with app.run_test() as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F", "j", "enter")
        assert "~/.local/bin/docker-credential-dockhygiene" in screen and "cron does not look there" in screen
        await pressed(pilot, "enter", "enter")
        assert not target.exists()
        screen = await pressed(pilot, "enter", "y")
        assert target.exists() and "Preview: 2 logins into memory store" in screen


async def test_no_place_for_our_helper_is_said(app: DockhygieneApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(environ: object) -> InstallPlan:
        raise StoreMissing("no folder is on PATH [/]", "add ~/.local/bin")

    monkeypatch.setattr(own_helper, "plan_install", refuse)
    async with app.run_test() as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F", "j", "enter")
        assert "no folder is on PATH [/]" in screen and "add ~/.local/bin" in screen
        assert "No store works here yet" in await pressed(pilot, "escape")
