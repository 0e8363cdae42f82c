"""All that a move would do, before anything is done: each file as a masked difference, what stays, what follows."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.worker import get_current_worker

from checks.formats.display import printable
from guides.move.logins import read_credential_files
from guides.move.plan import Plan, make_plan
from guides.stores.store import Store, StoreError
from guides.wording import counted
from tui.messages import PlanFailed, PlanMade
from tui.screens.move.plan_text import effects_text, preview_text
from tui.screens.move.progress import ProgressScreen
from tui.screens.move.questions import QuestionsScreen
from tui.screens.move.request import MoveRequest
from tui.screens.page import Page
from tui.widgets.confirm import Confirm


class PreviewScreen(Page[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "go on", key_display="enter"),
        Binding("d", "default_store", "next logins"),
        Binding("escape", "back", "other store"),
    ]

    def __init__(self, request: MoveRequest, store: Store) -> None:
        super().__init__()
        self.request = request
        self.store = store
        self.plan: Plan | None = None

    def on_mount(self) -> None:
        self._plan_anew()

    # Planning

    def _plan_anew(self) -> None:
        self.plan = None
        self.say(f"Preview: into {printable(self.store.title, 60)}", Text("Reading the files and the store..."))
        self.refresh_bindings()
        self._plan(self.request)

    @work(thread=True, exclusive=True, exit_on_error=False, group="plan")
    def _plan(self, request: MoveRequest) -> None:
        worker, session = get_current_worker(), request.session
        try:
            files = list(read_credential_files(session.workstation))
            plan = make_plan(files, self.store, session.environment, request.wishes)
        except StoreError as error:
            self.post_message(PlanFailed(error.reason, error.mend))
            return
        if not worker.is_cancelled:
            self.post_message(PlanMade(plan))

    def on_plan_failed(self, message: PlanFailed) -> None:
        text = Text(f"{printable(message.reason, 400)}\n")
        if message.mend:
            text.append(f"mend: {printable(message.mend, 400)}\n", "bold")
        self.say("No preview: the store could not be read", text.append("\nNothing was changed. esc goes back."))

    def on_plan_made(self, message: PlanMade) -> None:
        if message.plan.questions:
            self.app.push_screen(QuestionsScreen(message.plan.questions), self._answered)
            return
        self.plan = message.plan
        count = len(self.plan.transfers)
        verb = "nothing to move" if self.plan.empty else f"{counted(count, 'login')} into {printable(self.store.title)}"
        self.say(f"Preview: {verb}", preview_text(self.plan, self.request))
        self.refresh_bindings()

    def _answered(self, answers: dict[str, str] | None) -> None:
        if answers is None:
            self.dismiss()
            return
        self.request = dataclasses.replace(self.request, answers={**self.request.answers, **answers})
        self._plan_anew()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go_on" and (self.plan is None or self.plan.empty):
            return False
        if action == "default_store" and self.plan is None:
            return False
        return super().check_action(action, parameters)

    def action_default_store(self) -> None:
        if self.plan:
            self.request = dataclasses.replace(self.request, default_store=not self.plan.default_store)
            self._plan_anew()

    def action_go_on(self) -> None:
        if self.plan:
            count = counted(len(self.plan.transfers), "login")
            question = f"Move {count} into {printable(self.store.title)}?"
            self.app.push_screen(Confirm(question, effects_text(self.plan, self.request), "Move"), self._confirmed)

    def _confirmed(self, yes: bool | None) -> None:
        if yes and self.plan:
            self.app.switch_screen(ProgressScreen(self.request, self.plan))
