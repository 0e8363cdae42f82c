"""Every case, and where it stands: the way back to one whose secret is found nowhere any more."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from checks.formats.display import printable
from guides.case.due import has_ended, headline, is_due
from guides.case.model import Case
from guides.wording import counted, registry_title
from tui.screens.page import Page
from tui.widgets.choices import Choices


class CasesScreen(Page[Case]):
    """Dismissed with the case that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back"),
        Binding("c", "back", "back", show=False),
    ]

    def __init__(self, cases: Sequence[Case]) -> None:
        super().__init__()
        self.cases = sorted(cases, key=lambda case: case.closed)

    def compose(self) -> ComposeResult:
        yield from self.banner()
        begun = [case for case in self.cases if not case.closed]
        heading = f"{counted(len(begun), 'open case')}, {len(self.cases) - len(begun)} closed"
        yield Static(Text(heading, "bold"), markup=False, id="heading")
        yield Choices(*(Option(_line(case), id=f"case-{case.id}") for case in self.cases), id="cases", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(Choices).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, message: OptionList.OptionSelected) -> None:
        chosen = (message.option_id or "").removeprefix("case-")
        self.dismiss(next(case for case in self.cases if case.id == chosen))


def _line(case: Case) -> Text:
    now = time.time()
    text = Text(f"{case.id}  {registry_title(case.registry)}", "bold", no_wrap=True, overflow="ellipsis")
    text.append(f"  {printable(case.username, 40)}  {case.old.masked}  {headline(case)}", "not bold")
    if has_ended(case, now):
        text.append("  the watch is over: close it", "bold")
    elif is_due(case, now):
        text.append("  a look is due", "bold")
    elif case.watch and case.watch.alarms:
        text.append(f"  ALARM: {printable(case.watch.alarms[0], 120)}", "bold")
    return text
