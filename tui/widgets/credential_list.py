"""The list of credentials: a line each, laid out to the width that is there, growing while the scan runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from checks.model.finding import Confidence, Severity
from tui.widgets.row import Row

_GAP = 2
_SEVERITY = 13
"""Cells of the cursor mark, the exclamation mark, the severity and the gap after it."""
_LEAST_WHERE = 20
"""What is kept for the place, the last column."""
_MOST = {"name": 30, "user": 18, "held": 24}


class CredentialList(ScrollView, can_focus=True):
    """Draws only the lines in view, so its length does not matter. Foreign text in a Row is printable already."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--cursor",
        "list--critical",
        "list--high",
        "list--medium",
        "list--low",
        "list--dim",
    }
    DEFAULT_CSS = """
    CredentialList {
        overflow-x: hidden;
        & > .list--cursor { background: $surface; text-style: bold; }
        &:focus > .list--cursor { background: $primary-muted; text-style: bold; }
        & > .list--critical { color: $text-error; text-style: bold; }
        & > .list--high { color: $text-warning; }
        & > .list--medium { color: $text-accent; }
        & > .list--low { text-style: none; }
        & > .list--dim { text-style: dim; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "down", show=False),
        Binding("k,up", "move(-1)", "up", show=False),
        Binding("g,home", "move(-1000000)", "first", show=False),
        Binding("G,end", "move(1000000)", "last", show=False),
        Binding("ctrl+d", "page(0.5)", "half a page down", show=False),
        Binding("ctrl+u", "page(-0.5)", "half a page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
    ]

    @dataclass
    class RowHighlighted(Message):
        row: Row | None

    def __init__(self, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self.cursor = 0
        self.empty_text = ""
        self._chosen = False
        self._widths: dict[str, int] = {}

    @property
    def current(self) -> Row | None:
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[Row]) -> None:
        """Shows these rows. The cursor stays on its row; until somebody moves it, it stays on the first one."""
        before = self.current
        self.rows = rows
        held = before.id if before and self._chosen else None
        stays = (position for position, row in enumerate(rows) if row.id == held)
        self.cursor = next(stays, min(self.cursor, max(len(rows) - 1, 0)) if self._chosen else 0)
        self._lay_out()
        if self.current != before:
            self.post_message(self.RowHighlighted(self.current))

    def action_move(self, lines: int) -> None:
        self._go_to(self.cursor + lines)

    def action_page(self, pages: float) -> None:
        self._go_to(self.cursor + int(max(self.size.height, 2) * pages))

    def on_click(self, event: events.Click) -> None:
        self._go_to(self.scroll_offset.y + event.y)

    def on_resize(self) -> None:
        self._lay_out()

    def _go_to(self, position: int) -> None:
        if not self.rows:
            return
        self._chosen = True
        self.cursor = max(0, min(position, len(self.rows) - 1))
        self._keep_in_view()
        self.refresh()
        self.post_message(self.RowHighlighted(self.current))

    def _keep_in_view(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, len(self.rows))
        lengths = {
            name: min(max((cell_len(getattr(row, name)) for row in self.rows if row.credential), default=0), most)
            for name, most in _MOST.items()
        }
        lengths["name"] = max(
            lengths["name"], min(max((cell_len(row.name) for row in self.rows), default=0), _MOST["name"])
        )
        while sum(lengths.values()) + 3 * _GAP + _SEVERITY + _LEAST_WHERE > width and max(lengths.values()) > 4:
            widest = max(lengths, key=lambda name: lengths[name])
            lengths[widest] -= 1
        self._widths = lengths
        self._keep_in_view()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        position = self.scroll_offset.y + y
        width = self.size.width
        if position >= len(self.rows):
            lines = self.empty_text.splitlines() if not self.rows else []
            shown = f"   {lines[y - 1]}" if 0 < y <= len(lines) else ""
            return _strip(
                self.app.console, Text(shown, self.get_component_rich_style("list--dim")), width, self.rich_style
            )
        row = self.rows[position]
        under = position == self.cursor
        style = self.rich_style + (self.get_component_rich_style("list--cursor", partial=True) if under else Style())
        return _strip(self.app.console, self._text(row, under), width, style)

    def _text(self, row: Row, under: bool) -> Text:
        dim = self.get_component_rich_style("list--dim", partial=True)
        level = self.get_component_rich_style(f"list--{row.severity.label}", partial=True)
        mark = "!" if row.severity is Severity.CRITICAL else "?" if row.confidence is Confidence.POSSIBLE else " "
        text = Text(">" if under else " ", no_wrap=True, end="")
        text.append(f"{mark} {row.severity.label:<8}  ", level)
        text.append(_fitted(row.name, self._widths["name"]))
        if not row.credential:
            return text.append(" " * _GAP + row.held)
        text.append(" " * _GAP + _fitted(row.user, self._widths["user"]) + " " * _GAP)
        text.append(_fitted(row.held, self._widths["held"]) + " " * _GAP)
        return text.append(row.where, dim)


def _fitted(text: str, width: int) -> str:
    """Exactly this many cells: filled with spaces, or cut with dots."""
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, max(width - 2, 0)) + ".."


def _strip(console: Console, text: Text, width: int, style: Style) -> Strip:
    text.truncate(max(width, 1), overflow="ellipsis")
    return Strip(text.render(console)).apply_style(style).adjust_cell_length(width, style)
