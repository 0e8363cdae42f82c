"""Rows in columns, wrapped within their column: the one layout of the texts that a person reads."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text


def columns(rows: Iterable[tuple[Text, Text]], indent: int = 2) -> Padding:
    """A narrow first column and a wide second one."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold", max_width=40)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    return Padding(table, (0, 0, 0, indent))


def chapter(title: str, *parts: RenderableType) -> Group:
    """A heading, what belongs to it, and an empty line."""
    return Group(Text(title, "bold underline"), *parts, Text())


def indented(text: Text, indent: int = 2) -> Padding:
    return Padding(text, (0, 0, 0, indent))
