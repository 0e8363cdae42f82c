"""The first screen: credentials as they are found, and what can be done about them."""

from __future__ import annotations

import dataclasses
import platform
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Input, Rule

from checks.files.state import StateError
from checks.formats.display import printable, shell_path
from checks.model.check import Check
from checks.model.credential import Credential
from checks.model.finding import Confidence, Skipped
from checks.scan import CheckFinished, Event, FindingFound, ItemSkipped, scan
from checks.trees.trees import KNOWN_PLACES, Trees
from guides.move.notice import Notice
from guides.wording import counted
from tui.messages import CasesRead, EventsArrived, NoticesArrived, ScanEnded
from tui.screens.page import Page
from tui.session import Session
from tui.store_access import StoreAccess
from tui.widgets.credential_list import CredentialList
from tui.widgets.details import Details
from tui.widgets.filter import FilterNotUnderstood, parse
from tui.widgets.notices import Notices
from tui.widgets.row import Row, Rows
from tui.widgets.status import Status

if TYPE_CHECKING:
    from guides.case.model import Case

REPAINT_SECONDS = 0.1
"""Rows that arrive faster than this are shown together."""


def _by_name(row: Row) -> tuple[str, ...]:
    """So that the order does not depend on which check was faster."""
    return row.name.casefold(), row.user, row.where, row.id


ORDERS: dict[str, Callable[[Row], tuple[int | str, ...]]] = {
    "severity": lambda row: (-row.severity, -row.confidence, not row.credential, *_by_name(row)),
    "registry": _by_name,
    "places": lambda row: (-len(row.findings), -row.severity, not row.credential, *_by_name(row)),
}


class FindingsScreen(Page[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", key_display="enter"),
        Binding("f", "guide", "guide"),
        Binding("F", "fix_all", "fix all safe"),
        Binding("m", "move", "move"),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("s", "sort", "sort"),
        Binding("n", "skipped", "not looked at", show=False),
        Binding("c", "cases", "cases", show=False),
        Binding("a", "possible", "possible ones", show=False),
        Binding("y", "copy", "copy place", show=False),
        Binding("h", "snippet", "how code should read it", show=False),
        Binding("r", "rescan", "look again", show=False),
        Binding("u", "undo", "undo last move", show=False),
        Binding("escape", "back", "back", show=False),
    ]

    def __init__(
        self, session: Session, checks: Sequence[Check], access: StoreAccess, trees: Trees = KNOWN_PLACES
    ) -> None:
        super().__init__()
        self.trees = trees
        self.session = session
        self.checks = checks
        self.access = access
        self.found = self._no_rows()
        self.skipped: dict[tuple[str, str], Skipped] = {}
        self.failed: list[CheckFinished] = []
        self.ignored = 0
        self.cases: dict[str, Case] = {}
        self.rows: list[Row] = []
        self.stop = threading.Event()
        self._order = "severity"
        self._possible = False
        self._test = parse("")
        self._problem = ""
        self._repainting = False

    def _no_rows(self) -> Rows:
        return Rows(self.session.workstation.key, self.session.workstation.home)

    def compose(self) -> ComposeResult:
        yield from self.banner()
        environment = self.session.environment
        user = environment.get("USER") or environment.get("LOGNAME") or ""
        yield Status(printable(f"{user}@{platform.node()}", 40), id="status")
        yield Rule(id="top-rule")
        yield Notices(id="notices")
        yield Input(
            placeholder="words, registry:ghcr, severity>=high", id="filter", compact=True, select_on_focus=False
        )
        yield CredentialList(id="list")
        yield Rule(id="details-rule")
        yield Details(self.session.workstation.home, id="details")

    def on_mount(self) -> None:
        self.query_one("#list").focus()

    # Looking

    def begin(self) -> None:
        """After the first frame: what the last run left, then the scan, by every check unless some are given."""
        self.mount(Footer(compact=True, show_command_palette=False))  # a tenth of the first frame's time
        if not self.checks:
            from checks.catalog import CHECKS

            self.checks = CHECKS
        self._read_notices()
        self.action_rescan()

    @work(thread=True, exclusive=True, exit_on_error=False, group="notices")
    def _read_notices(self) -> None:
        from tui.watch import look_at_due  # what it needs is not imported before the first frame

        try:
            notices = (*self.session.notices(), *look_at_due(self.session))
        except StateError as error:
            notices = (Notice(str(error), "Then start dockhygiene again."),)
        self.post_message(NoticesArrived(notices))

    def on_notices_arrived(self, message: NoticesArrived) -> None:
        self.query_one(Notices).tell(message.notices)

    @work(thread=True, exclusive=True, exit_on_error=False, group="cases")
    def read_cases(self) -> None:
        from guides.case.file import read_all

        try:
            self.post_message(CasesRead(read_all(self.session.state).cases))
        except StateError:
            pass  # the notices say it

    def on_cases_read(self, message: CasesRead) -> None:
        self.cases = {case.id: case for case in message.cases}
        self._repaint()

    def action_rescan(self) -> None:
        self.read_cases()
        self.stop.set()
        self.stop = threading.Event()
        self.found, self.skipped, self.failed, self.ignored = self._no_rows(), {}, [], 0
        self.query_one(Status).begin(tuple(check.id for check in self.checks))
        self._repaint()
        self._scan(self.stop)

    def action_look_at_everything(self) -> None:
        """Also what a scan leaves out: caches, other people's code, whatever there was no time for."""
        self.trees = dataclasses.replace(self.trees, full=True, budget=None)
        self.action_rescan()

    @work(thread=True, exclusive=True, exit_on_error=False, group="scan")
    def _scan(self, stop: threading.Event) -> None:
        from checks.ignore.ignore_file import IgnoreFileError  # they read YAML, and the first frame does not wait
        from checks.ignore.ignores import Ignores

        started, waiting = time.monotonic(), deque[Event]()
        workstation = dataclasses.replace(self.session.workstation, cancelled=stop)
        try:
            judge = Ignores(workstation).judge
        except IgnoreFileError as error:
            self.post_message(
                NoticesArrived((Notice(str(error), "Mend it, then press r: until then nothing is scanned."),))
            )
            self.post_message(ScanEnded(0.0, True))
            return
        for event in scan(workstation, self.checks, trees=self.trees, judge=judge):
            if stop.is_set():
                break
            waiting.append(event)
            self.post_message(EventsArrived(waiting, stop))
        if stop is self.stop:  # a scan that a newer one replaced has nothing to say
            self.post_message(ScanEnded(time.monotonic() - started, stop.is_set()))

    def on_events_arrived(self, message: EventsArrived) -> None:
        if message.scan not in (None, self.stop):
            return  # of a scan that a newer one replaced
        status = self.query_one(Status)
        while message.waiting:
            event = message.waiting.popleft()
            if isinstance(event, FindingFound) and event.finding.ignored:
                self.ignored += 1
            elif isinstance(event, FindingFound):
                self.found.add(event.finding)
            elif isinstance(event, ItemSkipped):
                # two checks may want the same place
                self.skipped.setdefault((event.skipped.path, event.skipped.reason), event.skipped)
            else:
                status.take(event)
                if isinstance(event, CheckFinished) and event.failure:
                    self.failed.append(event)
        if not self._repainting:
            self._repainting = True
            self._repaint()
            self.set_timer(REPAINT_SECONDS, self._repaint_again)

    def on_scan_ended(self, message: ScanEnded) -> None:
        self.query_one(Status).end(message.seconds, message.stopped)
        self._repaint()

    def worker_failed(self, error: str) -> None:
        self.query_one(Notices).tell((Notice(f"An error of dockhygiene's own: {error}.", "Please report it."),))

    # Showing

    def _repaint_again(self) -> None:
        self._repainting = False
        self._repaint()

    def _repaint(self) -> None:
        self.rows = [self._with_case(row) for row in self.found.all()]
        seen = [row for row in self.rows if self._possible or row.confidence is not Confidence.POSSIBLE]
        shown = sorted(filter(self._test, seen), key=ORDERS[self._order])
        credentials = self.query_one(CredentialList)
        credentials.empty_text = self._nothing(seen)
        credentials.show(shown)
        status = self.query_one(Status)
        status.totals = self._totals(shown, len(self.rows) - len(seen))
        status.repaint()
        self.refresh_bindings()

    def _with_case(self, row: Row) -> Row:
        case = self.cases.get(row.id)
        if not case:
            return row
        from guides.case.due import headline  # the first frame does not wait for cases

        return dataclasses.replace(row, where=f"case: {headline(case)}   {row.where}")

    def _nothing(self, seen: list[Row]) -> str:
        if seen:
            return "Nothing here matches the filter. esc clears it."
        if self.query_one(Status).scanning:
            return "Looking..."
        missed = (
            f"\n{counted(len(self.skipped), 'place')} could not be looked at: n lists them." if self.skipped else ""
        )
        return f"No credential was found in plain text.{missed}"

    def _totals(self, shown: list[Row], hidden: int) -> str:
        held = [row for row in shown if row.credential]
        places = len({finding.place for row in held for finding in row.findings})
        text = f"{counted(len(held), 'credential')} in {counted(places, 'place')}"
        if len(shown) > len(held):
            text += f", {counted(len(shown) - len(held), 'weak setting')}"
        expression = self.query_one("#filter", Input).value
        if self._problem:
            return f"/ {printable(expression, 40)}    {self._problem}"
        filtered = f"/ {printable(expression, 40)}    " if expression.strip() else ""
        parts = [filtered + text]
        if self.skipped or self.failed:
            parts.append(f"{len(self.skipped) + len(self.failed)} not looked at (n)")
        if self.ignored:
            parts.append(f"{self.ignored} ignored")
        begun = sum(not case.closed for case in self.cases.values())
        if begun:
            parts.append(f"{counted(begun, 'case')} open (c)")
        if hidden:
            parts.append(f"{hidden} possible, hidden (a)")
        if self._order != "severity":
            parts.append(f"by {self._order} (s)")
        return "    ".join(parts)

    def on_credential_list_row_highlighted(self, message: CredentialList.RowHighlighted) -> None:
        self.query_one(Details).show(message.row)
        self.refresh_bindings()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        current = self.query_one(CredentialList).current if self.is_mounted else None
        if action == "move" and not (current and current.movable and current.registry):
            return None
        if action == "fix_all" and not any(row.movable for row in self.rows):
            return None
        if action == "guide" and not (current and current.credential):
            return None
        if action == "cases" and not self.cases:
            return None
        if action in ("open", "copy") and not current:
            return None
        if action == "snippet" and not (current and current.credential):
            return None
        if action == "filter" and self.query_one("#filter").has_focus:
            return None
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """One level back, the innermost first."""
        expression = self.query_one("#filter", Input)
        if self.has_class("-details") or self.query_one(Details).has_focus:
            self.remove_class("-details")
            self.query_one("#list").focus()
        elif expression.has_focus or expression.value:
            expression.value = ""
            self._close_filter()
        elif self.query_one(Status).scanning:
            self.stop.set()
        else:
            self.query_one(Notices).display = False

    def action_open(self) -> None:
        self.add_class("-details")
        self.query_one(Details).focus()

    def action_filter(self) -> None:
        self.add_class("-filtering")
        self.query_one("#filter").focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self, message: Input.Changed) -> None:
        try:
            self._test = parse(message.value)
            self._problem = ""
        except FilterNotUnderstood as error:
            self._test, self._problem = parse(""), printable(str(error))
        self._repaint()

    @on(Input.Submitted, "#filter")
    def _close_filter(self) -> None:
        self.remove_class("-filtering")
        self.query_one("#list").focus()

    def action_sort(self) -> None:
        names = list(ORDERS)
        self._order = names[(names.index(self._order) + 1) % len(names)]
        self._repaint()

    def action_possible(self) -> None:
        self._possible = not self._possible
        self._repaint()

    def action_copy(self) -> None:
        current = self.query_one(CredentialList).current
        if current:
            path = shell_path(current.first.place.path, self.session.workstation.home)
            self.app.copy_to_clipboard(path)
            self.app.notify(f"copied: {path}", markup=False)

    def action_snippet(self) -> None:
        from guides.snippets.names import names_of
        from tui.screens.snippet import SnippetScreen

        current = self.query_one(CredentialList).current
        if current and current.credential:
            findings, home = current.credential.findings, self.session.workstation.home
            places = [PurePath(one.place.path) for one in findings]
            self.app.push_screen(SnippetScreen(current.name, names_of(findings), places, Path.cwd(), home))

    def action_skipped(self) -> None:
        from tui.screens.skipped import SkippedScreen

        self.app.push_screen(SkippedScreen(list(self.skipped.values()), self.failed, self.session.workstation.home))

    def action_guide(self) -> None:
        current = self.query_one(CredentialList).current
        if current and current.credential:
            self._guide(current.credential)

    def action_cases(self) -> None:
        from tui.health import states_of
        from tui.screens.cases import CasesScreen

        self.app.push_screen(CasesScreen(tuple(self.cases.values()), states_of(self.session)), self._chosen_case)

    def _chosen_case(self, case: Case | None) -> None:
        if case:
            found = next((row.credential for row in self.rows if row.id == case.id), None)
            self._guide(found or case)

    def _guide(self, start: Credential | Case) -> None:
        from tui.screens.case.case import CaseScreen

        self.app.push_screen(CaseScreen(self.session, start, self.trees))

    def action_move(self) -> None:
        current = self.query_one(CredentialList).current
        if current and current.registry:
            self._walk((current.registry,))

    def action_fix_all(self) -> None:
        self._walk(hurried=True)

    def _walk(self, registries: tuple[str, ...] = (), *, hurried: bool = False) -> None:
        from tui.screens.move.request import MoveRequest
        from tui.screens.move.stores import StoresScreen

        self.app.push_screen(StoresScreen(MoveRequest(self.session, self.access, registries, hurried)))

    def action_undo(self) -> None:
        from tui.screens.move.undo import UndoScreen

        self.app.push_screen(UndoScreen(self.session, self.access, "last"))
