"""Setting up `pass` with a gpg key: its commands first, then they run, then a round trip proves it."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Static

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores import pass_setup
from guides.stores.pass_setup import PassSetup, plan_pass_setup
from guides.stores.store import StoreError
from tui.messages import PassPlanned, SetupFailed, SetupFinished
from tui.screens.page import Page
from tui.session import Session
from tui.widgets.columns import chapter, indented
from tui.widgets.confirm import Confirm
from tui.widgets.reading import Reading
from tui.widgets.secret_field import SecretField

TITLE = "Set up pass"


class PassSetupScreen(Page[bool]):
    """Dismissed with True when the store works."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "go on", key_display="enter"),
        Binding("p", "passphrase", "with or without passphrase"),
        Binding("r", "plan", "look again"),
        Binding("escape", "back", "back"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.plan: PassSetup | None = None
        self.with_passphrase = False
        self._first: Secret | None = None
        self._passphrase: Secret | None = None

    def compose(self) -> ComposeResult:
        yield from self.banner()
        yield Static(markup=False, id="heading")
        yield Reading(Static(markup=False, id="text"), id="body")
        yield SecretField("Passphrase for the new key:", id="passphrase")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#body").focus()
        self.action_plan()

    # Planning

    def action_plan(self) -> None:
        self.plan = None
        self.say(TITLE, Text("Looking at what is here..."))
        self.refresh_bindings()
        self._plan(self.with_passphrase)

    @work(thread=True, exclusive=True, exit_on_error=False, group="pass")
    def _plan(self, with_passphrase: bool) -> None:
        try:
            self.post_message(PassPlanned(plan_pass_setup(self.session.environment, with_passphrase=with_passphrase)))
        except StoreError as error:
            self.post_message(SetupFailed(error.reason, error.mend))

    def on_pass_planned(self, message: PassPlanned) -> None:
        self.plan = message.plan
        self.say(TITLE, _text(message.plan))
        self.refresh_bindings()

    def on_setup_failed(self, message: SetupFailed) -> None:
        self.plan = None
        self.set_busy(False)
        text = Text(f"{printable(message.reason, 600)}\n")
        if message.mend:
            text.append("\nNext\n", "bold underline").append(f"  {printable(message.mend, 400)}\n")
        self.say("Not set up", text.append("\nr looks again; esc goes back."))

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        plan = self.plan
        if action == "go_on" and (plan is None or plan.missing_packages or self.busy):
            return False
        if action == "passphrase" and (plan is None or not _creates_key(plan) or self.busy):
            return False
        return super().check_action(action, parameters)

    def action_passphrase(self) -> None:
        self.with_passphrase = not self.with_passphrase
        self.action_plan()

    def action_go_on(self) -> None:
        plan = self.plan
        if plan and self.with_passphrase and _creates_key(plan) and not self._passphrase:
            self._first = None
            self._ask("Passphrase for the new key:")
        elif plan:
            question = "Run these commands?" if plan.steps else "Try this store?"
            self.app.push_screen(Confirm(question, _commands(plan), "Run"), self._confirmed)

    def _ask(self, label: str) -> None:
        field = self.query_one(SecretField)
        field.label = label
        field.clear()
        self.add_class("-asking")
        field.focus()

    @on(SecretField.Entered)
    def _entered(self, message: SecretField.Entered) -> None:
        typed = message.field.hand_over()
        if not typed:
            self.app.notify("a passphrase needs at least one character", markup=False)
        elif self._first is None:
            self._first = typed
            self._ask("The same passphrase again:")
        elif self._first == typed:
            self._passphrase = typed
            self._end_asking()
            self.action_go_on()
        else:
            self.app.notify("the two were not the same", markup=False)
            self._first = None
            self._ask("Passphrase for the new key:")

    def _end_asking(self) -> None:
        self._first = None
        self.query_one(SecretField).clear()
        self.remove_class("-asking")
        self.query_one("#body").focus()

    def action_back(self) -> None:
        if self.has_class("-asking"):
            self._end_asking()
        else:
            self.dismiss(False)

    # Doing

    def _confirmed(self, yes: bool | None) -> None:
        passphrase, self._passphrase = self._passphrase, None
        if yes and self.plan:
            self.set_busy(True)
            self.say(TITLE, Text("At work: making a key takes a moment..."))
            self._apply(self.plan, passphrase)

    @work(thread=True, exclusive=True, exit_on_error=False, group="pass")
    def _apply(self, plan: PassSetup, passphrase: Secret | None) -> None:
        try:
            self.post_message(SetupFinished(pass_setup.apply(plan, passphrase)))
        except StoreError as error:
            self.post_message(SetupFailed(error.reason, error.mend))

    def on_setup_finished(self, message: SetupFinished) -> None:
        self.set_busy(False)
        if message.probe.works:
            self.app.notify("pass works: a test login was stored, read back and erased", markup=False)
            self.dismiss(True)
        else:
            self.on_setup_failed(SetupFailed(message.probe.reason, message.probe.mend))


def _creates_key(plan: PassSetup) -> bool:
    return plan.key is None and not plan.store_exists and not plan.missing_packages


def _text(plan: PassSetup) -> RenderableType:
    if plan.missing_packages:
        lead = Text("Programs are missing. Run this in another terminal, then press r here:\n")
        return Group(lead, _commands(plan))
    parts: list[RenderableType] = [
        Text("pass keeps each login in a file encrypted with a gpg key. It works without a desktop.\n")
    ]
    if plan.steps:
        parts.append(chapter("Runs", _commands(plan)))
    else:
        parts.append(Text("Everything is here: only a round trip remains.\n"))
    return Group(*parts, *(Text(f"{printable(note, 1000)}\n") for note in plan.notes))


def _commands(plan: PassSetup) -> RenderableType:
    lines: list[RenderableType] = []
    for step in plan.steps:
        lines.append(indented(Text(printable(step.title), "bold")))
        lines.append(indented(Text(printable(step.command, 400)), 4))
    return Group(*lines)
