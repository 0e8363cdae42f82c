"""The app for real, in a terminal: from the first frame to the moved credential, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.command import PROGRAM, environment
from tests.end_to_end.keeping_helper import KeepingHelper
from tests.guides.move.machine import docker_text, entry, fresh
from tests.services.tmux import terminal


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
def test_from_first_frame_to_moved_login_and_back(tmp_path: Path, size: tuple[int, int]) -> None:
    word = fresh()
    config = tmp_path / ".docker" / "config.json"
    config.parent.mkdir(mode=0o700)
    config.write_text(docker_text({"auths": {"ghcr.io": entry("alice", word)}}))
    before = config.read_bytes()
    helper = KeepingHelper(tmp_path)
    shown = []
    with terminal([PROGRAM], environment(tmp_path), size) as tmux:
        shown.append(tmux.wait_for("1 credential in 1 place"))
        assert "ghcr.io" in shown[-1] and "alice" in shown[-1]
        tmux.type("F")
        shown.append(tmux.wait_for("Preview: 1 login"))
        assert config.read_bytes() == before
        tmux.type("Enter")
        shown.append(tmux.wait_for("Cancel"))
        tmux.type("y")
        shown.append(tmux.wait_for("Done: 1 login moved"))
        held = helper.get("ghcr.io")
        assert held and (held.username, held.secret.reveal()) == ("alice", word)
        assert json.loads(config.read_text())["auths"] == {"ghcr.io": {}}
        tmux.type("u")
        shown.append(tmux.wait_for("this brings plain text back"))
        tmux.type("Enter")
        shown.append(tmux.wait_for("Cancel"))
        tmux.type("y")
        shown.append(tmux.wait_for("Undone"))
        assert config.read_bytes() == before
        tmux.type("q")
        shown.append(tmux.wait_for("ended with 0"))
    assert not any(word in screen for screen in shown)


def test_a_key_at_the_wrong_moment_changes_nothing(tmp_path: Path) -> None:
    config = tmp_path / ".docker" / "config.json"
    config.parent.mkdir(mode=0o700)
    config.write_text(docker_text({"auths": {"ghcr.io": entry()}}))
    before = config.read_bytes()
    helper = KeepingHelper(tmp_path)
    with terminal([PROGRAM], environment(tmp_path)) as tmux:
        tmux.wait_for("1 credential in 1 place")
        tmux.type("F")
        tmux.wait_for("Preview: 1 login")
        tmux.type("Enter")
        tmux.wait_for("Cancel")
        tmux.type("Enter")  # the focus is on Cancel
        tmux.wait_for("Preview: 1 login")
        tmux.type("Escape")
        tmux.wait_for("into which store?")
        tmux.type("Escape")
        tmux.wait_for("1 credential in 1 place")
        tmux.type("q")
        tmux.wait_for("ended with 0")
    assert config.read_bytes() == before and not helper.records()
