"""Shown while the terminal is too small to draw anything: keys must not act on what cannot be seen."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

LEAST = Size(60, 16)


def is_too_small(size: Size) -> bool:
    return size.width < LEAST.width or size.height < LEAST.height


class TooSmallScreen(ModalScreen[None]):
    """Every key but `q` does nothing here."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "app.quit", "quit")]

    def compose(self) -> ComposeResult:
        text = f"This terminal is too small.\n{LEAST.width} columns and {LEAST.height} lines are needed.\nq quits."
        yield Static(Text(text), markup=False)
