"""A list to choose one thing from, with the keys of the other lists."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class Choices(OptionList):
    """Options are given as Text: a plain string could be read as markup."""

    DEFAULT_CSS = """
    Choices { border: none; background: $background; padding: 0 1; height: 1fr; }
    Choices:focus { border: none; background-tint: $foreground 0%; }
    Choices > .option-list--option-highlighted { background: $surface; color: $foreground; text-style: bold; }
    Choices:focus > .option-list--option-highlighted {
        background: $primary-muted; color: $foreground; text-style: bold;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "choose", key_display="enter"),
        Binding("j", "cursor_down", "down", show=False),
        Binding("k", "cursor_up", "up", show=False),
        Binding("g", "first", "first", show=False),
        Binding("G", "last", "last", show=False),
        Binding("ctrl+d", "page_down", "page down", show=False),
        Binding("ctrl+u", "page_up", "page up", show=False),
    ]
