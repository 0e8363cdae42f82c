"""One action: shown first, then asked for what it needs, then done while it tells. Cancel costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Footer, Input, Label, Static
from textual.widgets.option_list import Option

from checks.files.state import StateError
from checks.formats.display import printable
from checks.model.secret import Secret
from guides.steps.step import Action, Ask, AskKind, Offer, StepFailed
from guides.stores.store import StoreError
from tui.messages import ActionEnded, ActionTold, OfferPrepared, OfferRefused
from tui.screens.page import Page
from tui.widgets.choices import Choices
from tui.widgets.reading import Reading
from tui.widgets.secret_field import SecretField


class ActionScreen(Page[bool]):
    """Dismissed with True when the action was begun, whatever came of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "go_on", "go on", key_display="ctrl+s"),
        Binding("enter", "leave", "back to the case", key_display="enter"),
        Binding("escape", "back", "cancel"),
    ]

    def __init__(self, action: Action) -> None:
        super().__init__()
        self.action = action
        self.offer: Offer | None = None
        self.begun = False
        self.ended = False
        self.told: list[Text] = []

    def compose(self) -> ComposeResult:
        yield from self.banner()
        yield Static(Text(printable(self.action.title, 200), "bold"), markup=False, id="heading")
        yield Reading(Static(markup=False, id="text"), id="body")
        yield Vertical(id="asks")
        with Horizontal(id="answers"):
            yield Button("Cancel", id="cancel", compact=True)
            yield Button("Go on", id="confirm", compact=True)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#answers").display = False
        self.query_one("#asks").display = False
        self.query_one("#text", Static).update(Text("Looking..."))
        self._prepare()

    @work(thread=True, exclusive=True, exit_on_error=False, group="action")
    def _prepare(self) -> None:
        try:
            self.post_message(OfferPrepared(self.action.prepare()))
        except (StepFailed, StoreError) as error:
            self.post_message(OfferRefused(error.reason, error.mend))
        except StateError as error:
            self.post_message(OfferRefused(str(error), ""))

    def on_offer_refused(self, message: OfferRefused) -> None:
        self.ended = True
        self.query_one("#text", Static).update(_failure(message.reason, message.mend))
        self.refresh_bindings()

    async def on_offer_prepared(self, message: OfferPrepared) -> None:
        self.offer = offer = message.offer
        if not offer.asks and not offer.confirm:
            self._begin({})
            return
        self.query_one("#text", Static).update(_shown(offer))
        asks = self.query_one("#asks", Vertical)
        for ask in offer.asks:
            await asks.mount(*_fields(ask))
        asks.display = bool(offer.asks)
        self.query_one("#answers").display = True
        self.query_one("#confirm", Button).label = offer.verb
        first = asks.query(".answer")
        (first.first() if first else self.query_one("#cancel")).focus()
        self.refresh_bindings()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go_on" and (self.offer is None or self.begun or self.ended):
            return False
        if action == "leave" and not self.ended:
            return False
        if action == "back" and self.ended:
            return True
        return super().check_action(action, parameters)

    @on(Input.Submitted)
    @on(SecretField.Entered)
    def _next_field(self) -> None:
        self.focus_next()

    @on(Choices.OptionSelected)
    def _next_after_choice(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#cancel")
    def action_back(self) -> None:
        for field in self.query(SecretField):
            field.clear()
        self.dismiss(self.begun)

    def action_leave(self) -> None:
        self.dismiss(self.begun)

    @on(Button.Pressed, "#confirm")
    def action_go_on(self) -> None:
        offer = self.offer
        if not offer or self.begun:
            return
        for ask in offer.asks:
            if ask.kind is AskKind.WORD and self.query_one(f"#ask-{ask.id}", Input).value.strip() != ask.word:
                self.app.notify(f"type {ask.word} to go on", markup=False)
                self.query_one(f"#ask-{ask.id}").focus()
                return
        self._begin({ask.id: self._answer(ask) for ask in offer.asks})

    def _answer(self, ask: Ask) -> str | Secret:
        field = self.query_one(f"#ask-{ask.id}")
        if isinstance(field, SecretField):
            return field.hand_over()
        if isinstance(field, Choices):
            return ask.choices[field.highlighted or 0][0]
        assert isinstance(field, Input)
        return field.value

    # Doing

    def _begin(self, answers: dict[str, str | Secret]) -> None:
        assert self.offer
        self.begun = True
        self.query_one("#asks").display = False
        self.query_one("#answers").display = False
        self.query_one("#body").focus()
        self.set_busy(True)
        self._tell(Text("At work...", "dim"))
        self._perform(self.offer, answers)

    @work(thread=True, exclusive=True, exit_on_error=False, group="action")
    def _perform(self, offer: Offer, answers: dict[str, str | Secret]) -> None:
        try:
            for line in offer.perform(answers):
                self.post_message(ActionTold(line))
        except (StepFailed, StoreError) as error:
            self.post_message(ActionEnded(error.reason, error.mend))
        except StateError as error:
            self.post_message(ActionEnded(str(error), ""))
        else:
            self.post_message(ActionEnded())

    def on_action_told(self, message: ActionTold) -> None:
        self.told.append(Text(f"{printable(message.text, 1000)}\n"))
        self._tell(Text("At work...", "dim"))

    def on_action_ended(self, message: ActionEnded) -> None:
        self.ended = True
        self.set_busy(False)
        self._tell(_failure(message.reason, message.mend) if message.reason else Text("Done. enter goes back.", "bold"))

    def worker_failed(self, error: str) -> None:
        self.on_action_ended(ActionEnded(f"an error of dockhygiene's own: {error}", "please report it"))

    def _tell(self, last: Text) -> None:
        self.query_one("#text", Static).update(Group(*self.told, last))


def _shown(offer: Offer) -> RenderableType:
    effects = [Text(f"{printable(effect, 1000)}\n") for effect in offer.effects]
    if not offer.diff:
        return Group(*effects)
    diff = Text()
    for line in offer.diff:
        style = "red" if line.startswith("-") else "green" if line.startswith("+") else ""
        diff.append(f"{printable(line, 300)}\n", style)
    return Group(diff, *effects)


def _fields(ask: Ask) -> Iterator[Widget]:
    name = f"ask-{ask.id}"
    if ask.kind is AskKind.SECRET:
        yield SecretField(printable(ask.label, 100), id=name).add_class("answer")
        return
    yield Label(Text(printable(ask.label, 200)), markup=False)
    if ask.kind is AskKind.CHOICE:
        options = [Option(Text(printable(label, 400)), id=answer) for answer, label in ask.choices]
        field = Choices(*options, id=name, markup=False, classes="answer")
        field.highlighted = 0
        yield field
    else:
        yield Input(value=ask.default, id=name, compact=True, select_on_focus=False, classes="answer")


def _failure(reason: str, mend: str) -> Text:
    text = Text(f"Not done: {printable(reason, 600)}\n", "bold")
    if mend:
        text.append("\nNext\n", "bold underline").append(f"  {printable(mend, 400)}\n", "not bold")
    return text.append("\nenter goes back.", "not bold")
