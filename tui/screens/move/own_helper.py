"""Installing our own helper: the file, its place and what to know, before it is written."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from checks.formats.display import printable, shell_path
from guides.stores.own.install import InstallPlan, install, plan_install
from guides.stores.store import StoreError
from tui.messages import Installed, InstallPlanned, SetupFailed
from tui.screens.page import Page
from tui.session import Session
from tui.widgets.confirm import Confirm


class OwnHelperScreen(Page[bool]):
    """Dismissed with True when the helper stands where docker finds it; the stores are then tried again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "go on", key_display="enter"),
        Binding("escape", "back", "back"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.plan: InstallPlan | None = None

    def on_mount(self) -> None:
        self.say("Install dockhygiene's own helper", Text("Looking for a place, and building the file..."))
        self._plan()

    @work(thread=True, exclusive=True, exit_on_error=False, group="install")
    def _plan(self) -> None:
        try:
            self.post_message(InstallPlanned(plan_install(self.session.environment)))
        except StoreError as error:
            self.post_message(SetupFailed(error.reason, error.mend))

    def on_install_planned(self, message: InstallPlanned) -> None:
        self.plan = message.plan
        self.say("Install dockhygiene's own helper", self._text(self.plan))
        self.refresh_bindings()

    def on_setup_failed(self, message: SetupFailed) -> None:
        self.plan = None
        self.set_busy(False)
        text = Text(f"{printable(message.reason, 400)}\n")
        if message.mend:
            text.append("\nNext\n", "bold underline").append(f"  {printable(message.mend, 400)}\n")
        self.say("Not installed", text)

    def _text(self, plan: InstallPlan) -> Text:
        verb = f"Replaces version {printable(plan.replaces, 40)} of it" if plan.replaces else "Writes a new file"
        text = Text.assemble(("File  ", "bold"), f"{shell_path(plan.target, self.session.workstation.home)}\n")
        text.append("      ").append(f"{verb}, {plan.size // 1024} KiB, run by {printable(str(plan.interpreter))}\n\n")
        text.append("docker asks this program for logins; it keeps them in the desktop keyring. It goes on working ")
        text.append("when dockhygiene's Python environment is gone. dockhygiene uninstall takes it away again.\n")
        if plan.warning:
            text.append(f"\n{printable(plan.warning, 600)}\n", "bold")
        return text

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go_on" and (self.plan is None or self.busy):
            return False
        return super().check_action(action, parameters)

    def action_go_on(self) -> None:
        if self.plan:
            self.app.push_screen(Confirm("Install the helper?", self._text(self.plan), "Install"), self._confirmed)

    def _confirmed(self, yes: bool | None) -> None:
        if yes and self.plan:
            self.set_busy(True)
            self._install(self.plan)

    @work(thread=True, exclusive=True, exit_on_error=False, group="install")
    def _install(self, plan: InstallPlan) -> None:
        try:
            self.post_message(Installed(install(plan)))
        except StoreError as error:
            self.post_message(SetupFailed(error.reason, error.mend))

    def on_installed(self, message: Installed) -> None:
        self.set_busy(False)
        self.app.notify(f"installed: {shell_path(message.path, self.session.workstation.home)}", markup=False)
        self.dismiss(True)
