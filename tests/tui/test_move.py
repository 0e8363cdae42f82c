"""The move, from the list to the proof, on real files: only the store is in memory."""

from __future__ import annotations

import json

import pytest
from textual.widgets import Button, OptionList

from checks import docker_config
from checks.model.secret import Secret
from guides.stores.store import Probe, Record
from tests.tui.conftest import Home, made_up
from tests.tui.memory_store import MemoryStore, access_to
from tests.tui.screen import SIZES, dump, pressed, settled
from tui.app import DockhygieneApp
from tui.screens.move.progress import ProgressScreen
from tui.session import Session


def app_for(home: Home, *stores: MemoryStore) -> DockhygieneApp:
    return DockhygieneApp(home.session(), (docker_config,), access_to(*stores))


def auths(home: Home) -> dict[str, dict[str, str]]:
    held = json.loads(home.config.read_text())["auths"]
    assert isinstance(held, dict)
    return held


@pytest.mark.parametrize("size", SIZES)
async def test_fix_everything_safe_in_three_keys_and_one_undo(home: Home, size: tuple[int, int]) -> None:
    store, before = MemoryStore(), home.config.read_bytes()
    app = app_for(home, store)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        preview = await pressed(pilot, "F")
        assert "Preview: 2 logins into memory store (memory)" in preview
        assert '-        "ghcr.io": {' in preview or '"ghcr.io": {' in preview
        assert home.config.read_bytes() == before and not store.records
        question = await pressed(pilot, "enter")
        assert "Move 2 logins into memory store (memory)?" in question and "~/.docker/config.json: 2 logins" in question
        done = await pressed(pilot, "y")
        assert "Done: 2 logins moved into memory store (memory) and proven" in done
        assert "docker, docker-py, podman and skopeo" in done
        assert "It lands in memory store (memory) too" in done
        assert "should still be rotated" in " ".join(done.split())
        assert auths(home) == {"ghcr.io": {}, "quay.io": {}}
        assert json.loads(home.config.read_text())["credsStore"] == "memory"
        assert {"ghcr.io", "quay.io"} <= set(store.records)
        undo = await pressed(pilot, "u")
        assert "this brings plain text back" in undo and "ghcr.io  is erased from memory store" in undo
        await pressed(pilot, "enter", "y")
        assert "Undone" in dump(pilot)
        assert json.loads(home.config.read_bytes()) == json.loads(before) and not store.records
        listed = await pressed(pilot, "enter")
        assert "2 credentials in 2 places" in listed
        for screen in (preview, question, done, undo, listed, app.export_screenshot()):
            home.assert_absent(screen)


async def test_the_list_is_looked_at_again_after_a_move(home: Home) -> None:
    async with app_for(home, MemoryStore()).run_test() as pilot:
        await settled(pilot)
        await pressed(pilot, "F", "enter", "y")
        assert "No credential was found in plain text." in await pressed(pilot, "enter")


async def test_the_result_names_copies_of_what_was_moved(home: Home) -> None:
    (home.config.parent / "config.json.bak").write_bytes(home.config.read_bytes())
    async with app_for(home, MemoryStore()).run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        done = await pressed(pilot, "F", "enter", "y")
        assert "a copy" in done and "rm ~/.docker/config.json.bak" in done
        home.assert_absent(done)


async def test_cancel_has_the_focus_and_enter_takes_it(home: Home) -> None:
    before = home.config.read_bytes()
    async with app_for(home, MemoryStore()).run_test() as pilot:
        await settled(pilot)
        await pressed(pilot, "F", "enter")
        assert isinstance(pilot.app.focused, Button) and pilot.app.focused.id == "cancel"
        assert "Preview: 2 logins" in await pressed(pilot, "enter")
        await pressed(pilot, "enter", "escape")
        assert "Preview: 2 logins" in dump(pilot) and home.config.read_bytes() == before
        assert "Done" in await pressed(pilot, "enter", "tab", "enter")  # the keyboard reaches the other button too


async def test_move_takes_one_registry_and_asks_for_the_store(home: Home) -> None:
    first, second = MemoryStore("first"), MemoryStore("second")
    async with app_for(home, first, second).run_test() as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "j", "m")
        assert "Move quay.io: into which store?" in screen
        assert "works    memory store (first)" in screen and "works    memory store (second)" in screen
        assert "Preview: 1 login into memory store (second)" in await pressed(pilot, "j", "enter")
        await pressed(pilot, "enter", "y")
        assert set(second.records) == {"quay.io"} and not first.records
        assert auths(home)["quay.io"] == {} and "auth" in auths(home)["ghcr.io"]


async def test_a_store_that_does_not_work_says_why_and_its_mend(home: Home) -> None:
    locked = MemoryStore("locked", Probe(False, "the keyring [/] is locked", "unlock it"))
    async with app_for(home, locked, MemoryStore("good")).run_test(notifications=True) as pilot:
        await settled(pilot)
        assert "Preview: 2 logins into memory store (good)" in await pressed(pilot, "F")
        screen = await pressed(pilot, "escape")
        assert "the keyring [/] is locked" in screen and "mend: unlock it" in screen
        assert "here: the keyring [/] is locked" in await pressed(pilot, "k", "enter")


async def test_the_store_that_the_file_names_is_preferred(home: Home) -> None:
    home.write({"ghcr.io": home.login()}, credsStore="second")
    async with app_for(home, MemoryStore("first"), MemoryStore("second")).run_test() as pilot:
        await settled(pilot)
        assert "into memory store (second)" in await pressed(pilot, "F")


async def test_where_nothing_works_a_set_up_is_offered(home: Home) -> None:
    async with app_for(home, MemoryStore("no", Probe(False, "not initialised", "pass init"))).run_test() as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F")
        assert "No store works here yet" in screen
        assert "set up   pass" in screen and "install  dockhygiene's own helper" in screen
        assert "absent" in screen
        options = pilot.app.screen.query_one(OptionList)
        assert options.highlighted_option and options.highlighted_option.id == "set-up-pass"
        screen = await pressed(pilot, "enter")
        assert "sudo apt install" in screen
        assert "No store works here yet" in await pressed(pilot, "escape")


async def test_what_cannot_be_moved_is_listed_with_its_reason_and_next_action(home: Home) -> None:
    home.write({"ghcr.io": home.login(), "r.example": {"registrytoken": made_up()}})
    async with app_for(home, MemoryStore()).run_test(size=(100, 50)) as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F")
        assert "Stays where it is" in screen and "no helper can hold a registry token" in screen
        done = await pressed(pilot, "enter", "y")
        assert "What remains" in done and "r.example" in done and "docker logout, then log in again" in done


async def test_nothing_to_move_is_said(home: Home) -> None:
    home.write({}, credsStore="memory")
    async with app_for(home, MemoryStore()).run_test() as pilot:
        await settled(pilot)
        await pressed(pilot, "F")  # no login, so the key is off
        assert "No credential was found" in dump(pilot)


async def test_d_changes_where_the_next_login_lands(home: Home) -> None:
    async with app_for(home, MemoryStore()).run_test(size=(100, 60)) as pilot:
        await settled(pilot)
        assert "config.json names it in credsStore" in await pressed(pilot, "F")
        assert "plain text again: credsStore is not set" in await pressed(pilot, "d")
        await pressed(pilot, "enter", "y")
        assert "credsStore" not in json.loads(home.config.read_text())


async def test_questions_are_asked_one_by_one_and_leaving_is_the_default(home: Home) -> None:
    home.write_podman({"ghcr.io": home.login("bob"), "quay.io": home.login("carol")})
    async with app_for(home, MemoryStore()).run_test(size=(100, 60)) as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F")
        assert "Question 1 of 2" in screen and "ghcr.io stands here with 2 different logins" in screen
        highlighted = pilot.app.screen.query_one(OptionList).highlighted_option
        assert highlighted and highlighted.id == "answer-leave"
        screen = await pressed(pilot, "k", "enter")  # the second of the logins: bob's
        assert "Question 2 of 2" in screen and "quay.io" in screen
        assert "Question 1 of 2" in await pressed(pilot, "escape")
        screen = await pressed(pilot, "k", "enter", "enter")
        assert "Preview: 1 login" in screen and "another login of the same registry" in screen
        await pressed(pilot, "enter", "y")
        assert "auth" in auths(home)["ghcr.io"] and "auth" in auths(home)["quay.io"]
        home.assert_absent(dump(pilot))


async def test_leaving_the_questions_goes_back_to_the_stores(home: Home) -> None:
    home.write_podman({"ghcr.io": home.login("bob")})
    async with app_for(home, MemoryStore()).run_test() as pilot:
        await settled(pilot)
        await pressed(pilot, "F")
        assert "into which store?" in await pressed(pilot, "escape")
        assert "2 credentials" in await pressed(pilot, "escape")


async def test_a_store_that_holds_another_login_is_asked_about(home: Home) -> None:
    store = MemoryStore()
    store.put(Record("ghcr.io", "old", Secret(made_up())))
    async with app_for(home, store).run_test(size=(100, 60)) as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F")
        assert "already holds a login for ghcr.io: old" in screen
        question = await pressed(pilot, "k", "enter", "enter")
        assert "Replaces" in question and "cannot bring that back" in question
        await pressed(pilot, "y")
        assert store.records["ghcr.io"].username == "alice"


async def test_a_failing_store_is_taken_back_and_said(home: Home) -> None:
    store, before = MemoryStore(), home.config.read_bytes()
    store.fails_at = 1
    async with app_for(home, store).run_test() as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F", "enter", "y")
        assert "Not moved: it was taken back" in screen and "the store is full" in screen and "make room" in screen
        assert home.config.read_bytes() == before and not store.records
        assert "2 credentials" in await pressed(pilot, "enter")


async def test_a_move_in_another_program_is_waited_for(home: Home) -> None:
    session = home.session()
    async with app_for(home, MemoryStore()).run_test() as pilot:
        await settled(pilot)
        await pressed(pilot, "F", "enter")
        with session.state.lock("move.lock"):
            assert "another dockhygiene is changing credentials" in await pressed(pilot, "y")


async def test_neither_back_nor_quit_while_a_file_is_written(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProgressScreen, "_move", lambda self: None)  # a move that never ends
    async with app_for(home, MemoryStore()).run_test(notifications=True) as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F", "enter", "y")
        assert "Moving into memory store" in screen
        screen = await pressed(pilot, "escape", "question_mark", "q", "ctrl+q")
        assert "Moving into memory store" in screen and "A file is being written" in screen


async def test_undo_says_when_there_is_nothing_and_when_it_refuses(home: Home) -> None:
    store = MemoryStore()
    async with app_for(home, store).run_test() as pilot:
        await settled(pilot)
        assert "There is no move that could be undone" in await pressed(pilot, "u")
        await pressed(pilot, "escape", "F", "enter", "y")
        store.records.clear()
        assert "does not hold ghcr.io any more" in " ".join((await pressed(pilot, "u")).split())
        assert "Done" in await pressed(pilot, "escape")


async def test_undo_is_cancelled_by_enter(home: Home) -> None:
    async with app_for(home, MemoryStore()).run_test() as pilot:
        await settled(pilot)
        await pressed(pilot, "F", "enter", "y")
        after = home.config.read_bytes()
        await pressed(pilot, "u", "enter", "enter", "escape")
        assert "Done" in dump(pilot) and home.config.read_bytes() == after


async def test_recovery_is_told_at_the_start(home: Home) -> None:
    original = home.config.read_bytes()
    async with app_for(home, MemoryStore()).run_test() as pilot:
        await settled(pilot)
        await pressed(pilot, "F", "enter", "y")
    home.config.write_bytes(original)  # a docker login that had read the file before the move
    async with app_for(home, MemoryStore()).run_test() as pilot:
        screen = await settled(pilot)
        assert "stands in plain text again" in screen and "Next: dockhygiene move --all" in " ".join(screen.split())


async def test_hostile_registries_go_through_the_whole_walk(home: Home, session: Session) -> None:
    names = ("[/].example", "[red].example", "[[[x.example")
    home.write({name: home.login(f"u{name}\u202e") for name in names})
    async with app_for(home, MemoryStore()).run_test(size=(100, 60)) as pilot:
        screens = [await settled(pilot)]
        screens += [await pressed(pilot, key) for key in ("enter", "escape", "F", "enter", "y", "u", "enter", "y")]
        whole = "\n".join(screens)
        assert all(name in whole for name in names)
        assert "\u202e" not in whole and "\\u202e" in whole
        home.assert_absent(whole)


async def test_an_error_of_ours_is_named_without_its_message(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError(home.canaries[0])

    monkeypatch.setattr("tui.screens.move.preview.make_plan", broken)
    async with app_for(home, MemoryStore()).run_test() as pilot:
        await settled(pilot)
        screen = await pressed(pilot, "F")
        assert "An error of dockhygiene's own" in screen and "ValueError in test_move.py" in screen
        home.assert_absent(screen)
        assert "into which store?" in await pressed(pilot, "escape")


async def test_the_banner_is_on_every_screen(home: Home) -> None:
    app = DockhygieneApp(home.session("The demo [/]: not yours."), (docker_config,), access_to(MemoryStore()))
    async with app.run_test() as pilot:
        assert (await settled(pilot)).startswith(" The demo [/]: not yours.")
        for key in ("F", "enter", "y", "u", "enter", "y", "escape", "n", "escape", "m"):
            assert (await pressed(pilot, key)).startswith(" The demo [/]: not yours."), key
