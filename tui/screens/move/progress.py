"""A move while it happens, as it tells. It is not interrupted: it ends by itself, done or taken back."""

from __future__ import annotations

from rich.text import Text
from textual import work

from checks.files.state import StateError
from checks.formats.display import printable, shell_path
from guides.move.apply import FileWritten, LoginProven, MoveEvent, MoveFailed, MoveFinished, RecordStored, apply
from guides.move.plan import Plan
from guides.wording import registry_title
from tui.messages import MoveRefused, MoveReported
from tui.screens.move.request import MoveRequest
from tui.screens.move.result import FailedScreen, ResultScreen
from tui.screens.page import Page


class ProgressScreen(Page[None]):
    busy = True

    def __init__(self, request: MoveRequest, plan: Plan) -> None:
        super().__init__()
        self.request = request
        self.plan = plan
        self.events: list[MoveEvent] = []
        self.lines = Text()

    def on_mount(self) -> None:
        self._tell()
        self._move()

    @work(thread=True, exclusive=True, exit_on_error=False, group="move")
    def _move(self) -> None:
        try:
            for event in apply(self.plan, self.request.session.state):
                self.post_message(MoveReported(event))
        except StateError as error:
            self.post_message(MoveRefused(str(error)))

    def on_move_reported(self, message: MoveReported) -> None:
        event = message.event
        self.events.append(event)
        if isinstance(event, MoveFinished):
            proofs = [one.proof for one in self.events if isinstance(one, LoginProven)]
            self.app.switch_screen(ResultScreen(self.request, self.plan, event, proofs))
        elif isinstance(event, MoveFailed):
            self.app.switch_screen(FailedScreen(event.reason, event.mend, event.remains))
        else:
            self._tell(self._line(event))

    def on_move_refused(self, message: MoveRefused) -> None:
        self.app.switch_screen(FailedScreen(message.reason, "", ""))

    def _line(self, event: MoveEvent) -> str:
        if isinstance(event, RecordStored):
            return f"stored   {printable(event.server, 80)}{', which was there already' if event.already else ''}"
        if isinstance(event, FileWritten):
            return f"written  {shell_path(event.path, self.request.session.workstation.home)}"
        if isinstance(event, LoginProven):
            return f"proven   {registry_title(event.proof.registry)}"
        return ""

    def _tell(self, line: str = "") -> None:
        if line:
            self.lines.append(f"[x] {line}\n")
        self.say(f"Moving into {printable(self.plan.store.title)}", self.lines + Text("[>] at work..."))
