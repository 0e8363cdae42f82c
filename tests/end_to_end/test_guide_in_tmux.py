"""The guide in a real terminal, once from the list to the revocation, on the demo workstation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.command import PROGRAM, environment
from tests.services.tmux import Terminal, terminal

SIZE = (110, 44)


def choose(tmux: Terminal, label: str) -> None:
    """Moves to the action with this label, in the list below the text, and takes it."""
    shown = tmux.wait_for(label)
    lines = shown.splitlines()
    rule = max(number for number, line in enumerate(lines) if line.startswith("──"))
    tmux.type("g")
    for _ in range(next(number for number, line in enumerate(lines) if label in line and number > rule) - rule - 1):
        tmux.type("j")
    tmux.type("Enter")


def back(tmux: Terminal, told: str) -> None:
    tmux.wait_for(told)
    tmux.wait_for("enter goes back")
    tmux.type("Enter")


@pytest.mark.timeout(300)
def test_from_the_list_to_the_proof(home: Path) -> None:
    with terminal([PROGRAM, "demo"], environment(home), SIZE) as tmux:
        shown = tmux.wait_for("looked at")
        position = next(
            number for number, line in enumerate(shown.splitlines()) if " mira " in line and "5 places" in line
        )
        first = next(number for number, line in enumerate(shown.splitlines()) if line.startswith(">"))
        tmux.type("g", *["j"] * (position - first), "f")
        choose(tmux, "Choose the order, and go on")
        tmux.wait_for("Which comes first?")
        tmux.type("C-s")
        back(tmux, "The order of this case")
        choose(tmux, "Write down what was seen")
        tmux.wait_for("What do the logs show?")
        tmux.type("C-s")
        back(tmux, "Saved: nothing unusual")
        choose(tmux, "name its htpasswd file")
        tmux.wait_for("registry/htpasswd")
        tmux.type("C-s")
        back(tmux, "In it: mira.")
        choose(tmux, "Add a user with a new password")
        tmux.wait_for("Name of the new user")
        tmux.type("C-s")
        back(tmux, "accepts it")
        choose(tmux, "Give docker the new login")
        tmux.wait_for("docker reads it from there")
        tmux.type("C-s")
        back(tmux, "Proven: docker finds the new login")
        tmux.wait_for("changed: docker reads the new login")
        tmux.type("]", "]")
        tmux.wait_for("When, and where")
        choose(tmux, "Take the old user out")
        tmux.wait_for("Type revoke to go on")
        tmux.type("revoke", "C-s")
        back(tmux, "Proven: refused by 127.0.0.1")
        tmux.wait_for("the old one is dead")
        tmux.type("q")
        tmux.wait_for("ended with 0")
