"""`dockhygiene undo`: a move, or the edits of a case, taken back from the store."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from checks.files.state import StateError
from guides.move import journal
from guides.move.undo import NotUndone, UndoPlan, plan_undo, undo
from guides.stores.catalog import find_store
from guides.stores.store import StoreError
from guides.wording import counted
from tui.exit_codes import ExitCode
from tui.plain.notices import show_notices
from tui.plain.terminal import Terminal, complain
from tui.session import Session, open_session

if TYPE_CHECKING:
    from guides.case.model import Case


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    try:
        session = session or open_session()
        show_notices(session.notices(), terminal)
        if not arguments.move:
            return _list(session, terminal)
        return _undo(arguments, session, terminal)
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE
    except (NotUndone, StoreError) as error:
        complain(str(error))
        return ExitCode.INCOMPLETE


def _list(session: Session, terminal: Terminal) -> int:
    moves = journal.read_all(session.state).moves
    for move in moves:
        when = time.strftime("%d %b %Y %H:%M", time.localtime(move.started))
        servers = ", ".join(record.server for record in move.records)
        terminal.line(f"{move.id}  {when}  {move.state.value:<8}  {move.store}  {servers}")
    if not moves:
        terminal.line("Nothing was moved yet.")
    return ExitCode.OK


def _undo(arguments: argparse.Namespace, session: Session, terminal: Terminal) -> int:
    move = journal.read_all(session.state).find(arguments.move)
    if not move:
        from guides.case.file import read_all  # listing the moves does not wait for cases and scanning

        case = read_all(session.state).find(arguments.move)
        if case:
            return _undo_case(arguments, session, case, terminal)
        complain(f"there is no move and no case {arguments.move} to undo; dockhygiene undo lists them")
        return ExitCode.USAGE
    store = find_store(move.store, session.environment)
    plan = plan_undo(move, store, session.workstation.key)
    _show(plan, terminal)
    if not arguments.yes and not (terminal.can_ask and terminal.confirm("Take the move back?", "undo")):
        terminal.line("Nothing was changed.")
        return ExitCode.FINDINGS
    remains = undo(plan, session.state, store, terminal.line)
    if remains:
        terminal.line(remains)
    terminal.line("The move is undone: the logins stand in plain text again.")
    return ExitCode.OK


def _undo_case(arguments: argparse.Namespace, session: Session, case: Case, terminal: Terminal) -> int:
    """The files that a case changed, the last one first. What is not a file, a revocation for example, stays."""
    from guides.case.model import EditStage
    from guides.case.opening import open_walk
    from guides.steps.files import undo as undo_edit
    from guides.steps.step import StepFailed
    from tui.walks import surroundings

    with open_walk(surroundings(session), case) as walk:
        edits = [edit for edit in walk.case.edits if edit.stage is EditStage.DONE]
        for edit in edits:
            terminal.line(f"{edit.record.path}: the old secret stands there in plain text again")
        if not edits:
            terminal.line("This case changed no file that could be undone.")
            return ExitCode.OK
        if not arguments.yes and not (terminal.can_ask and terminal.confirm("Undo these changes?", "undo")):
            terminal.line("Nothing was changed.")
            return ExitCode.FINDINGS
        try:
            for edit in reversed(edits):
                for line in undo_edit(walk, edit):
                    terminal.line(line)
        except StepFailed as error:
            complain(str(error))
            return ExitCode.INCOMPLETE
    return ExitCode.OK


def _show(plan: UndoPlan, terminal: Terminal) -> None:
    for one in plan.restorations:
        logins = [entry.key for entry in one.file.emptied]
        terminal.line(f"{one.file.path}: {counted(len(logins), 'login')} back in plain text: {', '.join(logins)}")
    if plan.erased:
        terminal.line(f"{plan.move.store} forgets: {', '.join(plan.erased)}")
