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
from guides.monitor.state import State
from guides.wording import case_title, counted
from tui.screens.page import Page
from tui.widgets.choices import Choices


class CasesScreen(Page[Case]):
    """Dismissed with the case that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back"),
        Binding("c", "back", "back", show=False),
    ]

    def __init__(self, cases: Sequence[Case], states: Sequence[State] = ()) -> None:
        """`states`: how these cases and the credentials without one stand, where that is known."""
        super().__init__()
        self.cases = sorted(cases, key=lambda case: case.closed)
        self.states = {state.id: state for state in states}

    def compose(self) -> ComposeResult:
        yield from self.banner()
        begun = [case for case in self.cases if not case.closed]
        heading = f"{counted(len(begun), 'open case')}, {len(self.cases) - len(begun)} closed"
        alarms = sum(len(state.alarms) for state in self.states.values())
        due = sum(len(state.due) for state in self.states.values())
        heading += f"; {counted(alarms, 'alarm')}, {due} due" if self.states else ""
        yield Static(Text(heading, "bold"), markup=False, id="heading")
        yield Choices(
            *(Option(_line(case, self.states.get(case.id)), id=f"case-{case.id}") for case in self.cases),
            id="cases",
            markup=False,
        )
        stored = [state for state in self.states.values() if state.credential and not state.credential.case]
        if stored:
            yield Static(Text("\n").join(map(_stored, stored)), markup=False, id="stored")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(Choices).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, message: OptionList.OptionSelected) -> None:
        chosen = (message.option_id or "").removeprefix("case-")
        self.dismiss(next(case for case in self.cases if case.id == chosen))


def _line(case: Case, state: State | None) -> Text:
    now = time.time()
    text = Text(f"{case.id}  {case_title(case.registry, case.provider)}", "bold", no_wrap=True, overflow="ellipsis")
    text.append(f"  {printable(case.username, 40)}  {case.old.masked}  {headline(case)}", "not bold")
    alarms = state.alarms if state else case.watch.alarms if case.watch else ()
    if has_ended(case, now):
        text.append("  the watch is over: close it", "bold")
    elif is_due(case, now):
        text.append("  a look is due", "bold")
    elif alarms:
        text.append(f"  ALARM: {printable(alarms[0], 120)}", "bold")
    if state and state.age and state.age.due:
        text.append(f"  rotate it: {state.age.reason}", "bold")
    return text


def _stored(state: State) -> Text:
    """A login that a move put into a store, and that has no case."""
    text = Text(f" {state.title}  {state.stands}", no_wrap=True, overflow="ellipsis")
    for what in (*(f"ALARM: {alarm}" for alarm in state.alarms), *state.due):
        text.append(f"  {printable(what, 160)}", "bold")
    return text
