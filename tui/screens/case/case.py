"""One case: its path, the step that is looked at, and what can be done now."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from checks.files.state import StateError
from checks.formats.display import printable
from checks.model.credential import Credential
from checks.trees.trees import Trees
from guides.case.model import Case, StepId
from guides.case.opening import look_again
from guides.case.walk import Walk
from guides.steps.catalog import STEPS, actions_of
from guides.steps.progress import PathLine, path_lines
from guides.steps.step import Action
from guides.stores.store import StoreError
from guides.wording import counted
from tui.messages import CaseOpened, CaseRefused, WalkEnded
from tui.screens.case.action import ActionScreen
from tui.screens.page import Page
from tui.session import Session
from tui.walks import walk_of
from tui.widgets.choices import Choices
from tui.widgets.columns import chapter, columns, indented
from tui.widgets.reading import Reading

DAY = 86400
SMALL_HEIGHT = 30
LONG_ROW = 110


class CaseScreen(Page[None]):
    """Holds the case open as long as it is shown: no other dockhygiene can work on it meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "text or actions", key_display="tab"),
        Binding("left_square_bracket,[", "step(-1)", "step before", key_display="["),
        Binding("right_square_bracket,]", "step(1)", "next step", key_display="]"),
        Binding("escape", "back", "back to the list"),
    ]

    def __init__(self, session: Session, start: Credential | Case, trees: Trees) -> None:
        super().__init__()
        self.session = session
        self.trees = trees
        self.start = start
        self.walk_held: Walk | None = None
        self.shown: StepId | None = None
        self.offered: list[Action] = []
        self.changed = False
        self._open = ExitStack()

    def compose(self) -> ComposeResult:
        yield from self.banner()
        yield Static(markup=False, id="heading")
        yield Static(markup=False, id="path")
        yield Reading(Static(markup=False, id="text"), id="body")
        yield Choices(id="actions", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.say("Opening the case", Text("Looking for a store that works, and for what uses this credential..."))
        self._begin()

    def on_unmount(self) -> None:
        self._open.close()

    @work(thread=True, exclusive=True, exit_on_error=False, group="case")
    def _begin(self) -> None:
        try:
            walk = self._open.enter_context(walk_of(self.session, self.start, self.trees))
            if isinstance(self.start, Case):
                look_again(walk)
        except StateError as error:
            self.post_message(CaseRefused(str(error)))
            return
        if get_current_worker().is_cancelled:  # the person went back meanwhile
            self._open.close()
            return
        self.post_message(CaseOpened(walk))

    def on_case_opened(self, message: CaseOpened) -> None:
        self.walk_held = message.walk
        self.show_step(None)

    def on_case_refused(self, message: CaseRefused) -> None:
        self.say("Not opened", Text(f"{printable(message.reason, 600)}\n\nesc goes back."))

    # Showing

    def show_step(self, step: StepId | None) -> None:
        """Shows this step, or the current one, and what can be done in it."""
        walk = self.walk_held
        if not walk:
            return
        case = walk.case
        self.shown = step or case.current or case.path[-1]
        user = f" / {printable(case.username, 40)}" if case.username else ""
        days = int((time.time() - case.opened) // DAY)
        opened = "today" if days == 0 else f"{counted(days, 'day')} ago"
        heading = f"{walk.registry}{user}   {case.old.masked}   case {case.id}, opened {opened}"
        parts = [
            chapter(one.title, *_paragraphs(one.paragraphs), *_rows(one.rows))
            for one in STEPS[self.shown].chapters(walk)
        ]
        self.say(heading, Group(*parts))
        self.query_one("#path", Static).update(self._path(case))
        self.query_one("#body", Reading).scroll_home(animate=False)
        self._offer(walk, self.shown)

    def _path(self, case: Case) -> Text:
        text = Text()
        if case.pending:
            text.append(
                f" Interrupted: {printable(case.pending.text, 200)}. {printable(case.pending.mend, 200)}\n", "bold"
            )
        for line in self._in_view(list(path_lines(case))):
            looked_at = line.step is self.shown
            style = "bold reverse" if looked_at else "bold" if line.mark == ">" else ""
            text.append(f" [{line.mark}] {line.number} {line.title:<11}", style)
            text.append(f"  {printable(line.note, 200)}\n")
        text.right_crop(1)
        text.no_wrap, text.overflow = True, "ellipsis"
        return text

    def _in_view(self, lines: list[PathLine]) -> list[PathLine]:
        """On a small screen only the steps around the one that is looked at: the text needs the room."""
        if self.app.size.height >= SMALL_HEIGHT:
            return lines
        position = next(number for number, line in enumerate(lines) if line.step is self.shown)
        first = min(max(position - 1, 0), len(lines) - 3)
        return lines[first : first + 3]

    def on_resize(self) -> None:
        if self.walk_held:
            self.query_one("#path", Static).update(self._path(self.walk_held.case))

    def _offer(self, walk: Walk, step: StepId) -> None:
        options = self.query_one(Choices)
        options.clear_options()
        try:
            self.offered = list(actions_of(walk, STEPS[step]))
        except StoreError as error:
            self.offered = []
            self.app.notify(f"{error.reason}. {error.mend}", markup=False)
        for number, one in enumerate(self.offered):
            title = Text(printable(one.title, 200), "bold" if one.recommended else "")
            options.add_option(Option(title, id=f"action-{number}"))
        best = next((number for number, one in enumerate(self.offered) if one.recommended), 0)
        options.highlighted = best if self.offered else None
        options.focus()

    # Keys

    @on(OptionList.OptionSelected, "#actions")
    def _chosen(self, message: OptionList.OptionSelected) -> None:
        assert self.walk_held
        action = self.offered[int((message.option_id or "").removeprefix("action-"))]
        self.app.push_screen(ActionScreen(action), self._done)

    def _done(self, acted: bool | None) -> None:
        """After an action: where its step has ended, the next one is shown."""
        if not self.walk_held:
            return
        self.changed = self.changed or bool(acted)
        self.show_step(None if acted and self._settled() else self.shown)

    def _settled(self) -> bool:
        walk = self.walk_held
        return bool(walk and self.shown and walk.case.current is not self.shown)

    def action_step(self, by: int) -> None:
        walk = self.walk_held
        if walk and self.shown:
            path = walk.case.path
            self.show_step(path[(path.index(self.shown) + by) % len(path)])

    def action_back(self) -> None:
        self.post_message(WalkEnded(changed=self.changed))


def _rows(rows: tuple[tuple[str, str], ...]) -> list[RenderableType]:
    """In columns where they are short; else each text below its title, which reads well at any width."""
    if not rows:
        return []
    if all(len(left) + len(right) < LONG_ROW for left, right in rows):
        return [columns((Text(left, "bold"), Text(right)) for left, right in rows)]
    parts: list[RenderableType] = []
    for left, right in rows:
        parts += [indented(Text(left, "bold")), *([indented(Text(right), 4)] if right else [])]
    return parts


def _paragraphs(paragraphs: tuple[str, ...]) -> list[RenderableType]:
    return [Text("\n\n".join(paragraphs))] if paragraphs else []
