"""`dockhygiene report`: what was done in a case, or the one-page cheat sheet."""

from __future__ import annotations

import argparse
import os

from checks.files.state import StateError
from guides.case.file import read_all
from guides.case.model import Case
from guides.case.opening import open_walk
from guides.steps.cheat_sheet import cheat_sheet
from guides.steps.understand import message
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.reports.case import markdown, page
from tui.session import Session, open_session
from tui.walks import surroundings


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    if arguments.cheat_sheet:
        return _deliver(cheat_sheet(), arguments.output)
    if not arguments.case:
        complain("name a case (dockhygiene cases lists them), or --cheat-sheet")
        return ExitCode.USAGE
    try:
        session = session or open_session()
        case = read_all(session.state).find(arguments.case)
        if not case:
            complain(f"there is no case {arguments.case}; dockhygiene cases lists them")
            return ExitCode.USAGE
        return _deliver(_text(arguments, session, case), arguments.output)
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE


def _text(arguments: argparse.Namespace, session: Session, case: Case) -> str:
    if arguments.message:
        with open_walk(surroundings(session), case) as walk:
            return f"{message(walk)}\n"
    return page(case) if arguments.format == "html" else markdown(case)


def _deliver(text: str, output: str | None) -> int:
    if not output:
        Terminal().write(text)
        return ExitCode.OK
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError as error:
        complain(f"{output}: {error.strerror}; the report was not written")
        return ExitCode.INCOMPLETE
    return ExitCode.OK
