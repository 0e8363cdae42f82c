"""A real terminal: a program inside tmux, typed at and read as a person would."""

from __future__ import annotations

import os
import shlex
import subprocess
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.services.processes import wait_until
from tests.services.require import require


class Terminal:
    """One window of a tmux server that is ours alone."""

    def __init__(self, tmux: str, socket: str) -> None:
        self._base = (tmux, "-f", os.devnull, "-L", socket)

    def run(self, *args: str, env: Mapping[str, str] | None = None) -> str:
        done = subprocess.run(
            [*self._base, *args], capture_output=True, text=True, errors="replace", env=env, timeout=30, check=False
        )
        return done.stdout

    def type(self, *keys: str) -> None:
        self.run("send-keys", "-t", "0", *keys)

    def screen(self) -> str:
        return self.run("capture-pane", "-p", "-t", "0")

    def wait_for(self, text: str, seconds: float = 60) -> str:
        """The screen once it shows the text; fails with what it showed instead."""
        shown = ""

        def there() -> bool:
            nonlocal shown
            shown = self.screen()
            return text in shown

        try:
            wait_until(there, seconds, f"{text!r} on the screen")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{shown}") from None
        return shown


@contextmanager
def terminal(argv: Sequence[str], env: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    """Runs the program in a new terminal; it stays open after the program ended, to be read."""
    tmux = require("tmux", "tmux")
    made = Terminal(tmux, f"dh-{uuid.uuid4().hex[:12]}")
    exports = " ".join(f"{name}={shlex.quote(value)}" for name, value in env.items())
    command = f"env -i TERM=screen-256color {exports} {shlex.join(argv)}; echo; echo ended with $?; exec cat"
    width, height = size
    server = {"HOME": str(Path(env["HOME"])), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    made.run("new-session", "-d", "-x", str(width), "-y", str(height), command, env=server)
    try:
        yield made
    finally:
        made.run("kill-server")
