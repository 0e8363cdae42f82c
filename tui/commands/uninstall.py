"""`dockhygiene uninstall`: hands logins back, then removes what dockhygiene put on this machine."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from checks.files.state import StateError
from guides.edits.atomic import NotWritten
from guides.guards.asking import GuardError
from guides.guards.changes import make
from guides.guards.everywhere import own_folder, plan_global_uninstall, remove_folder
from guides.guards.plan import Plan
from guides.monitor.timer.installing import TimerError, plan_removal, remove
from guides.move.handback import Handback, hand_back, plan_handback
from guides.move.logins import read_credential_files
from guides.stores.native import native_stores
from guides.stores.own.install import installed, uninstall
from guides.stores.own.store import own_store
from guides.stores.store import Store, StoreError
from tui.exit_codes import ExitCode
from tui.plain.notices import show_notices
from tui.plain.terminal import Terminal, complain
from tui.session import Session, open_session

_HOOKS = "Hooks of single repositories stay: dockhygiene guard uninstall, in each, takes them out before."
_KEPT = "Logins in other stores stay there and keep working; the moves that put them there can no longer be undone."


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    try:
        session = session or open_session()
        show_notices(session.notices(), terminal)
        helper = installed(session.environment)
        plan = _plan(session, terminal) if helper else None
        guard = _guard(session)
        timer = plan_removal(session.state)
        _show(plan, helper[0] if helper else None, session, terminal)
        for change in guard.changes:
            terminal.line(
                f"  {change.path} will be {'removed' if change.after is None else 'changed'}: the guard of hooks"
            )
        for one in timer.changes if timer else ():
            terminal.line(f"  {one.path} will be removed: the timer of monitor")
        if not _agreed(plan, arguments, terminal):
            terminal.line("Nothing was changed.")
            return ExitCode.FINDINGS
        if timer:
            for done in remove(timer, session.state, session.environment):
                terminal.line(f"  {done}")
        if plan:
            for done in hand_back(plan):
                terminal.line(f"  {done}")
        if helper:
            uninstall(helper[0])
        for change in guard.changes:
            make(change)
        remove_folder(session.environment, session.workstation.home)
        shutil.rmtree(session.state.path)
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE
    except TimerError as error:
        complain(f"{error}; nothing else was removed")
        return ExitCode.INCOMPLETE
    except GuardError as error:
        complain(f"{error}; nothing was removed")
        return ExitCode.INCOMPLETE
    except (StoreError, NotWritten) as error:
        complain(f"{error}; not everything was removed: mend it, and run dockhygiene uninstall again")
        return ExitCode.INCOMPLETE
    terminal.line("Removed. The program itself goes with: uv tool uninstall dockhygiene, or pipx, or its folder.")
    return ExitCode.OK


def _guard(session: Session) -> Plan:
    """The hooks of all repositories; those of single ones are removed there. Raises GuardError."""
    environment, home = session.environment, session.workstation.home
    try:
        return plan_global_uninstall(environment, home)
    except GuardError:
        if own_folder(environment, home).exists():
            raise
        return Plan(())  # without git, or with settings that it cannot read, there is no hook that could run


def _plan(session: Session, terminal: Terminal) -> Handback | None:
    own = own_store(session.environment)
    files = list(read_credential_files(session.workstation))
    plan = plan_handback(files, own, _heir(session))
    return plan if plan.records or plan.files else None


def _heir(session: Session) -> Store | None:
    return next((store for store in native_stores(session.environment) if store.probe().works), None)


def _show(plan: Handback | None, helper: Path | None, session: Session, terminal: Terminal) -> None:
    if plan:
        names = ", ".join(record.server for record in plan.records) or "no logins"
        where = plan.heir.title if plan.heir else "the files, in plain text: no other store works here"
        terminal.line(f"dockhygiene's helper holds {names}. They go to {where}.")
        for one in plan.files:
            terminal.line(f"  {one.file.path} will be changed")
    if helper:
        terminal.line(f"  {helper} will be removed")
    terminal.line(f"  {session.state.path} will be removed: the key and the journal")
    terminal.line(_HOOKS)
    terminal.line(_KEPT)


def _agreed(plan: Handback | None, arguments: argparse.Namespace, terminal: Terminal) -> bool:
    plain = plan is not None and plan.heir is None and bool(plan.records)
    if arguments.yes and not plain:
        return True
    if not terminal.can_ask:
        complain(
            "there is no terminal to confirm on"
            + ("; putting secrets into files is never done unasked" if plain else "")
        )
        return False
    return terminal.confirm("Go on?", "plain text" if plain else "uninstall")
