"""Undoing a move: what it would do first, then the question, then what remains."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from checks.files.state import StateError
from checks.formats.display import printable, shell_path
from guides.move import journal
from guides.move.undo import NotUndone, UndoPlan, plan_undo, undo
from guides.stores.store import Store, StoreError
from guides.wording import counted
from tui.messages import FileRestored, UndoFinished, UndoPlanned, UndoRefused, WalkEnded
from tui.screens.page import Page
from tui.session import Session
from tui.store_access import StoreAccess
from tui.widgets.confirm import Confirm


class UndoScreen(Page[None]):
    """`move` is the id of a move, or "last"."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "go on", key_display="enter"),
        Binding("escape", "back", "back"),
    ]

    def __init__(self, session: Session, access: StoreAccess, move: str) -> None:
        super().__init__()
        self.session = session
        self.access = access
        self.move = move
        self.plan: UndoPlan | None = None
        self.store: Store | None = None
        self.lines = Text()
        self.finished = False

    def on_mount(self) -> None:
        self.say("Undo", Text("Reading the journal, the files and the store..."))
        self._plan()

    @work(thread=True, exclusive=True, exit_on_error=False, group="undo")
    def _plan(self) -> None:
        state = self.session.state
        try:
            move = journal.read_all(state).find(self.move)
            if move is None:
                self.post_message(UndoRefused("There is no move that could be undone."))
                return
            store = self.access.named(move.store, self.session.environment)
            self.post_message(UndoPlanned(plan_undo(move, store, state.key()), store))
        except (NotUndone, StoreError, StateError) as error:
            self.post_message(UndoRefused(str(error)))

    def on_undo_planned(self, message: UndoPlanned) -> None:
        self.plan, self.store = message.plan, message.store
        self.say(f"Undo move {self.plan.move.id}: this brings plain text back", self._text(self.plan))
        self.refresh_bindings()

    def on_undo_refused(self, message: UndoRefused) -> None:
        self.plan = None
        self.set_busy(False)
        self.say("Not undone", Text(printable(message.reason, 800)))

    def _text(self, plan: UndoPlan) -> Text:
        text = Text()
        for one in plan.restorations:
            path = shell_path(one.file.path, self.session.workstation.home)
            text.append(f"{path}\n", "bold")
            for entry in one.file.emptied:
                text.append(f"  {printable(entry.key, 80)}  stands here in plain text again\n")
        store = printable(self.store.title if self.store else plan.move.store)
        for server in plan.erased:
            text.append(f"{printable(server, 80)}", "bold").append(f"  is erased from {store}\n")
        return text

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go_on" and (self.plan is None or self.busy):
            return False
        return super().check_action(action, parameters)

    def action_go_on(self) -> None:
        if self.finished:
            self.action_back()
        elif self.plan:
            count = counted(len(self.plan.logins), "login")
            self.app.push_screen(
                Confirm(f"Bring {count} back as plain text?", self._text(self.plan), "Undo"), self._confirmed
            )

    def _confirmed(self, yes: bool | None) -> None:
        if yes and self.plan and self.store:
            self.set_busy(True)
            self._undo(self.plan, self.store)

    @work(thread=True, exclusive=True, exit_on_error=False, group="undo")
    def _undo(self, plan: UndoPlan, store: Store) -> None:
        try:
            remains = undo(plan, self.session.state, store, self._told)
        except (NotUndone, StoreError, StateError) as error:
            self.post_message(UndoRefused(str(error)))
            return
        self.post_message(UndoFinished(remains))

    def _told(self, text: str) -> None:
        self.post_message(FileRestored(text))

    def on_file_restored(self, message: FileRestored) -> None:
        self.lines.append(f"[x] {printable(message.text, 300)}\n")
        self.say("Undoing", self.lines)

    def on_undo_finished(self, message: UndoFinished) -> None:
        self.set_busy(False)
        self.finished = True
        self.refresh_bindings()
        if message.remains:
            self.lines.append(f"\n{printable(message.remains, 800)}\n", "bold")
        self.lines.append("\nThe logins are plain text again. F moves them, whenever you like.")
        self.say("Undone", self.lines)

    def action_back(self) -> None:
        if self.finished:
            self.post_message(WalkEnded(changed=True))
        else:
            self.dismiss()
