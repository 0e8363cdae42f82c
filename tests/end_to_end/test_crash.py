"""Killed with SIGKILL at every moment of a move and of its undo: no login is lost, and the next start knows.

The moments are not a list of ours: strace records what one run does, and each call of it is one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import dockhygiene
from tests.end_to_end.crash_scene import MOVED, AtCall, Kill, Scene
from tests.guides.move.clients import RecordingDaemon

MOVE = ("move", "--all", "--yes")
UNDO = ("undo", "last", "--yes")
CHUNKS = 6
"""Parts of equal size, for xdist to spread."""


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "home")


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_move(scene: Scene, daemon: RecordingDaemon, chunk: int) -> None:
    scene.save()
    moments = scene.moments(*MOVE)
    assert_all_is_there(moments, "renameat2", "unlink", "/key", "/move-", ".docker/config.json", "helper 10")
    for kill in moments[chunk::CHUNKS]:
        kill_and_look(scene, daemon, MOVE, kill, scene.final)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_an_undo(scene: Scene, daemon: RecordingDaemon, chunk: int) -> None:
    scene.run(*MOVE)
    assert scene.where() == MOVED
    moved = scene.result()
    scene.save()
    moments = scene.moments(*UNDO)
    assert_all_is_there(moments, "renameat2", "unlink", "/move-", ".docker/config.json", "helper 4")
    for kill in moments[chunk::CHUNKS]:
        kill_and_look(scene, daemon, UNDO, kill, moved)


def test_the_real_command_goes_on_after_a_kill(scene: Scene, daemon: RecordingDaemon) -> None:
    """The other tests look from inside, for speed; here the next start is one."""
    scene.save()
    renames = [kill for kill in scene.moments(*MOVE) if isinstance(kill, AtCall) and kill.call.name == "renameat2"]
    renames[0].strike(scene, MOVE)
    listed = dockhygiene(scene.home, "undo")
    assert "! A move was interrupted: some logins are in their file" in listed.stdout
    again = dockhygiene(scene.home, *MOVE)
    assert again.returncode == 0
    assert "interrupted" not in again.stdout
    assert scene.result() == scene.final
    scene.assert_nothing_is_lost(daemon, "at the end")


def kill_and_look(
    scene: Scene, daemon: RecordingDaemon, args: Sequence[str], kill: Kill, final: dict[str, Any]
) -> None:
    when = f"{args[0]} killed {kill}"
    kill.strike(scene, args)
    scene.assert_nothing_is_lost(daemon, when)
    scene.assert_the_next_start_tells_the_truth(args[0], when)
    scene.assert_no_secret_is_left(when)
    scene.assert_a_move_ends_it(final, when)
    scene.assert_nothing_is_lost(daemon, when)
    scene.assert_no_secret_is_left(when)
    scene.restore()


def assert_all_is_there(moments: list[Kill], *parts: str) -> None:
    """The recording saw the program journal, write and start helpers; an empty one would prove nothing."""
    texts = [str(kill) for kill in moments]
    for part in parts:
        assert any(part in text for text in texts), (part, texts)
