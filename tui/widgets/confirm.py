"""The one question before something is written. Cancel has the focus; `y` confirms, which nothing else does."""

from __future__ import annotations

from typing import ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.widgets.reading import Reading


class Confirm(ModalScreen[bool]):
    """Names what will be changed and how; dismissed with True only by `y` or its own button."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "confirm", "confirm", show=False),
        Binding("escape,n,q", "cancel", "cancel", show=False),
        Binding("left,right,h,l", "app.focus_next", "other answer", show=False),
    ]

    def __init__(self, question: str, effects: RenderableType, answer: str) -> None:
        super().__init__()
        self.question = question
        self.effects = effects
        self.answer = answer

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(Text(self.question, "bold"), markup=False, id="question")
            body = Reading(Static(self.effects, markup=False), id="effects")
            body.can_focus = False
            yield body
            with Horizontal(id="answers"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button(f"{self.answer} (y)", id="confirm", compact=True)

    def on_mount(self) -> None:
        self.query_one("#cancel", Button).focus()

    @on(Button.Pressed, "#confirm")
    def action_confirm(self) -> None:
        self.dismiss(True)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(False)
