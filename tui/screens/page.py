"""A screen with a heading, a text to read, and one level back: what all screens but the first are made of."""

from __future__ import annotations

from typing import TypeVar

from rich.console import RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static
from textual.worker import Worker, WorkerState

from checks.failure import error_text
from tui.widgets.reading import Reading

Result = TypeVar("Result")


class Page(Screen[Result]):
    """`busy` while something is being written: then neither back nor quit."""

    heading = ""
    busy = False

    def compose(self) -> ComposeResult:
        yield from self.banner()
        yield Static(Text(self.heading, "bold"), markup=False, id="heading")
        yield self.body()
        yield Footer(compact=True, show_command_palette=False)

    def banner(self) -> ComposeResult:
        """Says on every screen that this is not the person's own workstation, where that is so."""
        if self.app.sub_title:
            yield Static(Text(self.app.sub_title, no_wrap=True, overflow="ellipsis"), markup=False, id="banner")

    def body(self) -> Widget:
        """What stands between heading and footer; a text to read unless overridden."""
        return Reading(Static(markup=False, id="text"), id="body")

    def say(self, heading: str, text: RenderableType) -> None:
        """Replaces the heading and the text."""
        self.query_one("#heading", Static).update(Text(heading, "bold", no_wrap=True, overflow="ellipsis"))
        self.query_one("#text", Static).update(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return None if self.busy and action == "back" else True

    def action_back(self) -> None:
        self.dismiss()

    def set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.refresh_bindings()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker that died of an error of ours must not look like one that is still at work."""
        if event.state is WorkerState.ERROR and event.worker.error:
            self.set_busy(False)
            self.worker_failed(error_text(event.worker.error))

    def worker_failed(self, error: str) -> None:
        self.say("An error of dockhygiene's own", Text(f"{error}. Nothing more was done. esc goes back."))
