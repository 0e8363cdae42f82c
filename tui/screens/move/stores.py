"""Which store: each one with the result of its round trip as it arrives, and the way to a store where none works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from checks.formats.display import printable
from guides import words
from guides.move.logins import Flavour, read_credential_files
from guides.stores.native import missing_helpers
from guides.stores.store import Probe, Store
from guides.wording import registry_title
from tui.messages import Absence, ProbingEnded, StoreProbed
from tui.screens.move.own_helper import OwnHelperScreen
from tui.screens.move.pass_setup import PassSetupScreen
from tui.screens.move.preview import PreviewScreen
from tui.screens.move.request import MoveRequest
from tui.screens.page import Page
from tui.widgets.choices import Choices
from tui.widgets.columns import indented

SET_UP_PASS = "set-up-pass"
INSTALL_OWN = "install-own"


class StoresScreen(Page[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "probe", "try again"),
        Binding("escape", "back", "back"),
    ]

    def __init__(self, request: MoveRequest) -> None:
        super().__init__()
        self.request = request
        self.stores: dict[str, tuple[Store, Probe]] = {}
        self._hurried = request.hurried
        registries = ", ".join(map(registry_title, request.registries))
        self.heading = f"Move {registries or 'every plain-text login'}: into which store?"

    def compose(self) -> ComposeResult:
        yield from self.banner()
        yield Static(Text(self.heading, "bold"), markup=False, id="heading")
        yield Static(markup=False, id="said")
        yield Choices(id="stores", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(Choices).focus()
        self.action_probe()

    # Probing

    def action_probe(self) -> None:
        self.stores = {}
        self.query_one(Choices).clear_options()
        self._say("Trying each store: it gets a login made up for this, gives it back, and forgets it.")
        self._probe()

    @work(thread=True, exclusive=True, exit_on_error=False, group="probe")
    def _probe(self) -> None:
        worker = get_current_worker()
        named, works = _named_store(self.request), False
        for store, probe in self.request.access.probes(self.request.session.environment):
            if worker.is_cancelled:
                return
            self.post_message(StoreProbed(store, probe))
            works = works or probe.works
            # A hurried move takes the best store that works, or the one that config.json names already.
            if self._hurried and probe.works and named in ("", store.id):
                return
        self.post_message(ProbingEnded(() if works else tuple(_absent(self.request))))

    def on_store_probed(self, message: StoreProbed) -> None:
        store, probe = message.store, message.probe
        self.stores[store.id] = (store, probe)
        text = _line("works", store.title) if probe.works else _refused("no", store.title, probe.reason, probe.mend)
        options = self.query_one(Choices)
        options.add_option(Option(text, id=f"store-{store.id}"))
        if probe.works and (options.highlighted is None or not self._works(options.highlighted)):
            options.highlighted = options.option_count - 1
        named = _named_store(self.request) if self._hurried else ""
        if self._hurried and probe.works and named in ("", store.id):
            self._go_on(store)

    def on_probing_ended(self, message: ProbingEnded) -> None:
        working = [store for store, probe in self.stores.values() if probe.works]
        if working and self._hurried:
            self._go_on(working[0])
            return
        options = self.query_one(Choices)
        if working:
            self._say(words.section("stores", "S1").text)
            return
        self._say("No store works here yet. One of these mends that; nothing is moved before a store works.")
        options.add_option(
            Option(_line("set up", "pass: files encrypted with a gpg key, without a desktop"), SET_UP_PASS)
        )
        options.add_option(Option(_line("install", "dockhygiene's own helper for the desktop keyring"), INSTALL_OWN))
        options.highlighted = options.option_count - 2
        for absent in message.absent:
            if absent.mend:
                options.add_option(Option(_refused("absent", absent.title, absent.reason, absent.mend)))
        missing = ", ".join(absent.title for absent in message.absent if not absent.mend)
        if missing:
            options.add_option(Option(_line("absent", missing), disabled=True))

    # Choosing

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        chosen = message.option_id or ""
        if chosen == SET_UP_PASS:
            self.app.push_screen(PassSetupScreen(self.request.session), self._set_up)
        elif chosen == INSTALL_OWN:
            self.app.push_screen(OwnHelperScreen(self.request.session), self._set_up)
        elif held := self.stores.get(chosen.removeprefix("store-")):
            store, probe = held
            if probe.works:
                self._go_on(store)
            else:
                self.app.notify(f"{printable(store.title)} does not work here: {printable(probe.reason)}", markup=False)

    def _set_up(self, works: bool | None) -> None:
        if works:
            self.action_probe()

    def _go_on(self, store: Store) -> None:
        """To the preview. Coming back from it, the choice is the person's."""
        self._hurried = False
        self._say("enter chooses; r tries all stores again.")
        self.app.push_screen(PreviewScreen(self.request, store))

    def _works(self, index: int) -> bool:
        held = self.stores.get((self.query_one(Choices).get_option_at_index(index).id or "").removeprefix("store-"))
        return held is not None and held[1].works

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(Text(text))

    def worker_failed(self, error: str) -> None:
        self._say(f"An error of dockhygiene's own: {error}. r tries again.")


def _line(state: str, title: str) -> Text:
    return Text.assemble((f"{state:<9}", "bold"), printable(title))


def _refused(state: str, title: str, reason: str, mend: str) -> Group:
    lines: list[RenderableType] = [Text(f"{state:<9}{printable(title, 70)}", "dim")]
    lines.append(indented(Text(printable(reason, 300), "dim"), 9))
    if mend:
        lines.append(indented(Text(f"mend: {printable(mend, 300)}"), 9))
    return Group(*lines)


def _absent(request: MoveRequest) -> Iterator[Absence]:
    for known, error in missing_helpers(request.session.environment, request.session.workstation.platform):
        yield Absence(known.title, error.reason, error.mend)


def _named_store(request: MoveRequest) -> str:
    """The suffix that docker's own file names in `credsStore`, or an empty text."""
    files = read_credential_files(request.session.workstation)
    return next((file.auth.creds_store for file in files if file.flavour is Flavour.DOCKER), "")
