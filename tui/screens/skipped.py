"""What was not looked at, each with its reason: a scan that hides its gaps is worth little."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from checks.formats.display import printable, shell_path
from checks.model.finding import Skipped
from checks.scan import CheckFinished
from guides.wording import counted
from tui.screens.page import Page
from tui.wording import reason_text

_MOST = 2000


class SkippedScreen(Page[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back"),
        Binding("n", "back", "back", show=False),
    ]

    def __init__(self, skipped: Sequence[Skipped], failed: Sequence[CheckFinished], home: Path) -> None:
        super().__init__()
        self.skipped = skipped
        self.failed = failed
        self.home = home

    def on_mount(self) -> None:
        text = Text()
        for check in self.failed:
            text.append(f"{check.check} ended early\n", "bold")
            text.append(f"  {printable(check.failure)}: an error of dockhygiene's own. Please report it.\n")
        for item in self.skipped[:_MOST]:
            text.append(f"{shell_path(item.path, self.home)}\n", "bold")
            text.append(f"  {reason_text(item)}   ({item.check})\n")
        if len(self.skipped) > _MOST:
            text.append(f"and {len(self.skipped) - _MOST} more: dockhygiene scan --format json lists all\n")
        if not text:
            text.append("Everything that belongs to the scan was looked at.")
        self.say(f"Not looked at: {counted(len(self.skipped), 'place')}", text)
