"""The app: thin. It holds the screens together and keeps what Textual would print or log of a secret from happening."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from rich.segment import Segments
from textual import constants, events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES

from checks.formats.display import printable
from checks.model.check import Check
from checks.trees.trees import KNOWN_PLACES, Trees
from tui.messages import WalkEnded
from tui.screens.findings import FindingsScreen
from tui.screens.page import Page
from tui.screens.too_small import TooSmallScreen, is_too_small
from tui.session import Session
from tui.store_access import StoreAccess
from tui.widgets.secret_field import SecretField

SAFE_THEME = "textual-dark"
"""The theme that stays readable without colours."""


class DockhygieneApp(App[int]):
    TITLE = "dockhygiene"
    CSS_PATH = Path(__file__).parent / "theme.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", show=False, priority=True),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("q", "quit", "quit"),
    ]

    def __init__(
        self,
        session: Session,
        checks: Sequence[Check] = (),
        access: StoreAccess = StoreAccess(),  # noqa: B008
        trees: Trees = KNOWN_PLACES,
    ) -> None:
        without_colour = "NO_COLOR" in os.environ  # Textual takes it out of the environment
        super().__init__()
        if without_colour:
            self.theme = SAFE_THEME
        self.sub_title = printable(session.banner)
        self.findings = FindingsScreen(session, checks, access, trees)

    def get_default_screen(self) -> Screen[None]:
        return self.findings

    def on_ready(self) -> None:
        self._cover(self.size)
        self.findings.begin()

    def on_resize(self, event: events.Resize) -> None:
        self._cover(event.size)

    def _cover(self, size: Size) -> None:
        covered = isinstance(self.screen, TooSmallScreen)
        if is_too_small(size) and not covered:
            self.push_screen(TooSmallScreen())
        elif covered and not is_too_small(size):
            self.pop_screen()

    async def on_event(self, event: events.Event) -> None:
        """What is meant for a secret field goes there first: on Textual's own way each key and paste is logged."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            field = self.focused
            if isinstance(field, SecretField) and field.take(event):
                return
        await super().on_event(event)

    def _fatal_error(self) -> None:
        """Private in Textual: look again at every bump. The original prints local variables."""
        import rich
        from rich.traceback import Traceback  # it brings a syntax highlighter, 45 ms

        self.bell()
        traceback = Traceback(show_locals=False, width=None, suppress=[rich])
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()

    def on_walk_ended(self, message: WalkEnded) -> None:
        """Back to the list, from however deep; what was changed is looked at again."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if message.changed:
            self.findings.action_rescan()
        else:
            self.findings.read_cases()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        screen = self.screen_stack[-1] if self.screen_stack else None
        busy = isinstance(screen, Page) and screen.busy
        covered = isinstance(screen, TooSmallScreen)
        return not ((covered or busy) and action in ("command_palette", "help"))

    def action_help(self) -> None:
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen())

    async def action_quit(self) -> None:
        if isinstance(self.screen, Page) and self.screen.busy:
            self.notify("A file is being written. This ends in a moment.", markup=False)
            return
        self.findings.stop.set()
        self.exit(0)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield SystemCommand("Help", "Keys, and what this is about", self.action_help)
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Quit", "Leave dockhygiene", self.action_quit)
        if screen is self.findings:
            yield SystemCommand("Fix everything safe", "All plain-text logins into a store", screen.action_fix_all)
            yield SystemCommand("Undo the last move", "Shows first what it would do", screen.action_undo)
            yield SystemCommand("Look again", "Starts the scan anew", screen.action_rescan)
            yield SystemCommand(
                "Look at everything", "Without a time limit, caches and other people's code too",
                screen.action_look_at_everything,
            )  # fmt: skip
            yield SystemCommand("Not looked at", "Places that were skipped, and why", screen.action_skipped)


def run_app(session: Session, trees: Trees = KNOWN_PLACES) -> int:
    """Runs the app until it is left; returns the exit code."""
    if constants.DEBUG:
        sys.stderr.write("dockhygiene: TEXTUAL_DEBUG would write every key to keys.log; unset it first\n")
        return 2
    if constants.DEFAULT_THEME not in BUILTIN_THEMES:
        sys.stderr.write(f"dockhygiene: TEXTUAL_THEME: unknown theme; one of {', '.join(sorted(BUILTIN_THEMES))}\n")
        return 2
    app = DockhygieneApp(session, trees=trees)
    app.run()
    return app.return_code or 0
