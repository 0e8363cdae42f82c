"""What the last run left behind, told at the start until it is put away."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import Static

from checks.formats.display import printable
from guides.move.notice import Notice
from guides.wording import counted

_MOST = 3


class Notices(Static):
    """Hidden until there is something to tell."""

    DEFAULT_CSS = """
    Notices { display: none; height: auto; max-height: 8; padding: 0 1; background: $warning 15%; }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id, markup=False)

    def tell(self, notices: Sequence[Notice]) -> None:
        text = Text(no_wrap=False)
        for notice in notices[:_MOST]:
            text.append(f"{printable(notice.text, 400)}\n", "bold").append(f"  Next: {printable(notice.action, 400)}\n")
        if len(notices) > _MOST:
            text.append(f"and {counted(len(notices) - _MOST, 'more notice')}\n")
        text.append("esc puts this away", "dim")
        self.update(text)
        self.display = bool(notices)
