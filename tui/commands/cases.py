"""`dockhygiene cases`: every case, and where it stands."""

from __future__ import annotations

import argparse
import time

from checks.files.state import StateError
from checks.formats.display import printable
from guides.case.due import has_ended, headline, in_watch, is_due
from guides.case.file import read_all
from guides.case.model import Case
from guides.wording import case_title
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.session import Session, open_session


def run(_: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    try:
        session = session or open_session()
        held = read_all(session.state)
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE
    now = time.time()
    for case in held.cases:
        user = f"  {printable(case.username, 40)}" if case.username else ""
        terminal.line(
            f"{case.id}  {case_title(case.registry, case.provider)}{user}  {case.old.masked}  "
            f"{headline(case)}{_due(case, now)}"
        )
        if case.pending:
            terminal.line(f"          interrupted: {case.pending.text}. {case.pending.mend}")
    if not held.cases:
        terminal.line("No case was opened yet: dockhygiene fix opens one.")
    for path in held.damaged:
        complain(f"{path} cannot be read as a case; move it away")
    return ExitCode.INCOMPLETE if held.damaged else ExitCode.OK


def _due(case: Case, now: float) -> str:
    if has_ended(case, now):
        return ", the watch is over: close it"
    if is_due(case, now):
        return ", a look is due (dockhygiene monitor --once)"
    if in_watch(case) and case.watch and case.watch.alarms:
        return f", ALARM: {printable(case.watch.alarms[0], 160)}"
    return ""
