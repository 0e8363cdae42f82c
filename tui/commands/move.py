"""`dockhygiene move`: plain-text logins into a credential store."""

from __future__ import annotations

import argparse

from checks.files.state import StateError
from checks.formats.registry_names import registry_of
from guides.move.apply import MoveFinished, apply
from guides.move.copies import copies_left
from guides.move.logins import read_credential_files
from guides.move.plan import Plan, Wishes, make_plan
from guides.stores.store import Store, StoreError
from tui.exit_codes import ExitCode
from tui.plain.move import show_copies, show_event, show_left, show_plan
from tui.plain.notices import show_notices
from tui.plain.stores import pick
from tui.plain.terminal import Terminal, complain
from tui.session import Session, open_session


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    try:
        session = session or open_session()
        show_notices(session.notices(), terminal)
        return _move(arguments, session, terminal)
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE
    except StoreError as error:
        complain(str(error))
        return ExitCode.INCOMPLETE


def _move(arguments: argparse.Namespace, session: Session, terminal: Terminal) -> int:
    files = list(read_credential_files(session.workstation))
    if not any(entry.secrets for file in files for entry in file.auth.entries):
        broken = [file.refusal for file in files if file.auth.problem]
        for refusal in broken:
            terminal.line(refusal)
        terminal.line("No plain-text login can be read here." if broken else "No plain-text login is left here.")
        return ExitCode.FINDINGS if broken else ExitCode.OK
    asks = terminal.can_ask and not arguments.yes
    store = pick(session.environment, terminal, arguments.to, ask=asks)
    if not store:
        return ExitCode.INCOMPLETE
    registries = frozenset(registry_of(name) for name in arguments.registries)
    plan = _plan(session, store, registries, terminal, questions=asks and not arguments.all)
    if plan.empty:
        terminal.line("Nothing can be moved:" if plan.left else "There is no such plain-text login.")
        show_left(plan.left, terminal, session.workstation.home)
        return ExitCode.FINDINGS if plan.left else ExitCode.OK
    show_plan(plan, terminal, session.workstation.home)
    if arguments.dry_run:
        terminal.line("Nothing was changed (--dry-run).")
        return ExitCode.FINDINGS
    if not arguments.yes and not _agreed(plan, terminal):
        terminal.line("Nothing was changed.")
        return ExitCode.FINDINGS
    return _apply(plan, session, terminal)


def _plan(session: Session, store: Store, registries: frozenset[str], terminal: Terminal, *, questions: bool) -> Plan:
    """Plans again after each round of answers: one answer can raise the next question."""
    answers: dict[str, str] = {}
    while True:
        files = list(read_credential_files(session.workstation))
        plan = make_plan(files, store, session.environment, Wishes(registries, answers))
        if not plan.questions or not questions:
            return plan
        for question in plan.questions:
            answers[question.id] = terminal.choose(question.text, question.choices, default="leave")


def _agreed(plan: Plan, terminal: Terminal) -> bool:
    if not terminal.can_ask:
        complain("there is no terminal to confirm on; --yes goes on without")
        return False
    paths = ", ".join(str(change.file.path) for change in plan.changes)
    return terminal.confirm(f"Change {paths}? dockhygiene undo can take it back.", "move")


def _apply(plan: Plan, session: Session, terminal: Terminal) -> int:
    finished = False
    for event in apply(plan, session.state):
        show_event(event, terminal, session.workstation.home)
        finished = isinstance(event, MoveFinished) and not event.came_back
    copies = copies_left(plan, session.workstation) if finished else ()
    if plan.left or copies:
        terminal.line("What remains:")
        show_left(plan.left, terminal, session.workstation.home)
        show_copies(copies, terminal, session.workstation.home)
    if not finished:
        return ExitCode.INCOMPLETE
    return ExitCode.FINDINGS if plan.left or copies else ExitCode.OK
