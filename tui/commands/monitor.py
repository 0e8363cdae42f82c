"""`dockhygiene monitor --once`: one look of every case in watch. Exits with 1 when a look found what must not be."""

from __future__ import annotations

import argparse

from checks.files.state import StateError
from guides.case.due import in_watch
from guides.case.file import read_all
from guides.case.model import Case
from guides.case.opening import open_walk
from guides.steps.watching import look_once
from guides.wording import registry_title
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.session import Session, open_session
from tui.walks import surroundings


def run(_: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    try:
        session = session or open_session()
        cases = [case for case in read_all(session.state).cases if in_watch(case)]
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE
    if not cases:
        terminal.line("No case is in watch.")
    results = [_look(session, case, terminal) for case in cases]
    return max(results, default=ExitCode.OK)


def _look(session: Session, case: Case, terminal: Terminal) -> ExitCode:
    terminal.row("strong", f"{registry_title(case.registry)}", f"  {case.old.masked}  case {case.id}")
    try:
        with open_walk(surroundings(session), case) as walk:
            for line in look_once(walk):
                terminal.line(f"  {line}")
            watch = walk.case.watch
            return ExitCode.FINDINGS if watch and watch.alarms else ExitCode.OK
    except StateError as error:
        terminal.line(f"  {error}")
        return ExitCode.INCOMPLETE
