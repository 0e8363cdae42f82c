"""After a move: what is proven and by whose rules, what remains with one next action each, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from checks.formats.display import printable, shell_path
from checks.model.finding import Finding
from guides import words
from guides.move.apply import MoveFinished
from guides.move.copies import copies_left
from guides.move.plan import Plan
from guides.move.prove import Proof
from guides.wording import counted, place_text, registry_title
from tui.messages import CopiesFound, WalkEnded
from tui.screens.move.plan_text import left_rows, next_login
from tui.screens.move.request import MoveRequest
from tui.screens.move.undo import UndoScreen
from tui.screens.page import Page
from tui.widgets.columns import chapter, columns, indented


class ResultScreen(Page[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "back", "back to the list", key_display="enter"),
        Binding("u", "undo", "undo"),
        Binding("escape", "back", "back", show=False),
    ]

    def __init__(self, request: MoveRequest, plan: Plan, finished: MoveFinished, proofs: Sequence[Proof]) -> None:
        super().__init__()
        self.request = request
        self.plan = plan
        self.finished = finished
        self.proofs = proofs
        self.copies: tuple[Finding, ...] = ()

    def on_mount(self) -> None:
        moved = counted(len(self.plan.transfers), "login")
        heading = f"Done: {moved} moved into {printable(self.plan.store.title)} and proven"
        self.heading = heading if self.proofs else "Done"
        self.say(self.heading, self._text())
        self._look_for_copies()

    @work(thread=True, exclusive=True, exit_on_error=False, group="copies")
    def _look_for_copies(self) -> None:
        self.post_message(CopiesFound(copies_left(self.plan, self.request.session.workstation)))

    def on_copies_found(self, message: CopiesFound) -> None:
        self.copies = message.copies
        self.say(self.heading, self._text())

    def _text(self) -> RenderableType:
        """The plain sentence comes before the list, so that it is seen on the smallest screen too."""
        parts: list[RenderableType] = []
        if self.proofs:
            parts.append(chapter("Proven: found in the store by the rules of", columns(self._proven())))
        parts.append(chapter("The next docker login", indented(Text(next_login(self.plan)))))
        sentence = indented(Text(words.section("rotate", "T0").text, "bold"))
        parts.append(chapter("What remains", sentence, columns(self._remaining())))
        return Group(*parts)

    def _proven(self) -> Iterator[tuple[Text, Text]]:
        for registry in self.finished.registries:
            clients = dict.fromkeys(name for one in self.proofs if one.registry == registry for name in one.clients)
            yield Text(registry_title(registry), "bold"), Text(", ".join(clients))

    def _remaining(self) -> Iterator[tuple[Text, Text]]:
        home = self.request.session.workstation.home
        for path in self.finished.came_back:
            yield Text(shell_path(path, home), "bold"), Text("F again: another program wrote it meanwhile")
        for registry in self.finished.registries:
            yield Text(registry_title(registry), "bold"), Text("make a new token, log in with it, revoke the old one")
        yield from left_rows(self.plan.left, home)
        for finding in self.copies:
            place = Text(f"{printable(finding.advice, 300)}\n").append(place_text(finding.place, home), "dim")
            yield Text("a copy", "bold"), place

    def action_undo(self) -> None:
        self.app.push_screen(UndoScreen(self.request.session, self.request.access, self.finished.id))

    def action_back(self) -> None:
        self.post_message(WalkEnded(changed=True))


class FailedScreen(Page[None]):
    """Nothing was moved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "back", "back to the list", key_display="enter"),
        Binding("escape", "back", "back", show=False),
    ]

    def __init__(self, reason: str, mend: str, remains: str) -> None:
        super().__init__()
        self.reason = reason
        self.mend = mend
        self.remains = remains

    def on_mount(self) -> None:
        text = Text(f"{printable(self.reason, 600)}\n")
        if self.mend:
            text.append("\nNext\n", "bold underline").append(f"  {printable(self.mend, 400)}\n")
        if self.remains:
            text.append("\nCould not be taken back\n", "bold underline").append(f"  {printable(self.remains, 1000)}\n")
        else:
            text.append("\nThe logins are where they were.\n")
        self.say("Not moved: it was taken back" if not self.remains else "Not moved", text)

    def action_back(self) -> None:
        self.post_message(WalkEnded(changed=True))
