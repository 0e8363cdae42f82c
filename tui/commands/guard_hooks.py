"""`dockhygiene guard install|uninstall|status`: the hooks of one repository, or of all."""

from __future__ import annotations

import argparse
import os
import shutil
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from checks.formats.display import shell_path
from guides.edits.atomic import NotWritten
from guides.guards.asking import GuardError, find_place
from guides.guards.changes import diff, make
from guides.guards.everywhere import own_folder, plan_global_install, plan_global_uninstall, remove_folder
from guides.guards.plan import Plan, plan_install, plan_uninstall
from guides.guards.scripts import CLIENT, GUARDED
from guides.guards.status import look
from guides.wording import counted
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.session import Session, workstation_without_state


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    workstation = session.workstation if session else workstation_without_state()
    terminal = Terminal()
    try:
        if arguments.action == "status":
            return _status(arguments, workstation.environment, workstation.home, terminal)
        plan = _plan(arguments, workstation.environment, workstation.home)
        return _carry_out(plan, arguments, workstation.environment, workstation.home, terminal)
    except GuardError as error:
        complain(error.reason)
        for line in error.mend.splitlines():
            complain(f"  {line}")
        return ExitCode.INCOMPLETE
    except NotWritten as error:
        complain(f"{error}; what was done before stands, and the same command goes on from there")
        return ExitCode.INCOMPLETE


def program_path(environment: Mapping[str, str]) -> Path:
    """The program of this installation, which a hook calls. Raises GuardError."""
    own = Path(sysconfig.get_path("scripts"), "dockhygiene")
    if os.access(own, os.X_OK):
        return own
    found = shutil.which("dockhygiene", path=environment.get("PATH", ""))
    if found and found.startswith("/"):
        return Path(found)
    raise GuardError("the program that a hook would call, dockhygiene, is not installed here", "install it first")


def _folder(arguments: argparse.Namespace) -> Path:
    folder = Path(os.path.abspath(arguments.repository or "."))  # noqa: PTH100  links stay as they were named
    if not folder.is_dir():
        raise GuardError(f"{folder} is not a folder")
    return folder


def _plan(arguments: argparse.Namespace, environment: Mapping[str, str], home: Path) -> Plan:
    installing = arguments.action == "install"
    if arguments.everywhere:
        if installing:
            return plan_global_install(environment, home, program_path(environment))
        return plan_global_uninstall(environment, home)
    place = find_place(environment, _folder(arguments), named=bool(arguments.repository))
    if installing:
        return plan_install(place, program_path(environment), own_folder(environment, home))
    return plan_uninstall(place)


def _carry_out(
    plan: Plan, arguments: argparse.Namespace, environment: Mapping[str, str], home: Path, terminal: Terminal
) -> int:
    _show(plan, home, terminal)
    installing = arguments.action == "install"
    if not plan.changes:
        terminal.line("Nothing to do." if installing else "There is nothing of the guard to remove.")
        return ExitCode.OK
    if arguments.dry_run:
        terminal.line("Nothing was changed (--dry-run).")
        return ExitCode.FINDINGS
    if not arguments.yes and not _agreed(installing, terminal):
        terminal.line("Nothing was changed.")
        return ExitCode.FINDINGS
    for change in plan.changes:
        make(change)
    if not installing and arguments.everywhere:
        remove_folder(environment, home)
    done = "The guard stands. dockhygiene guard uninstall takes it out again." if installing else "The guard is out."
    terminal.line(done)
    return ExitCode.OK


def _show(plan: Plan, home: Path, terminal: Terminal) -> None:
    """All of it, but of the hooks that only pass on just one."""
    passing = [one for one in plan.changes if one.hook and one.path.name in CLIENT and one.path.name not in GUARDED]
    for change in plan.changes:
        if change in passing[1:]:
            continue
        terminal.line(f"{shell_path(change.path, home)}:")
        for line in diff(change):
            terminal.line(f"    {line}")
        if change in passing[:1] and passing[1:]:
            names = ", ".join(one.path.name for one in passing[1:])
            terminal.line(f"The same for {counted(len(passing) - 1, 'more hook')} there, which only pass on: {names}")
    for line in (*plan.standing, *plan.notes):
        terminal.line(f"! {line}" if line in plan.notes else line)


def _agreed(installing: bool, terminal: Terminal) -> bool:
    if not terminal.can_ask:
        complain("there is no terminal to confirm on; --yes goes on without")
        return False
    verb = "install" if installing else "uninstall"
    return terminal.confirm("Write these hooks?" if installing else "Remove the guard?", verb)


def _status(arguments: argparse.Namespace, environment: Mapping[str, str], home: Path, terminal: Terminal) -> int:
    place = find_place(environment, _folder(arguments), named=bool(arguments.repository))
    told = look(place, own_folder(environment, home), environment)
    for one in told:
        terminal.row("good" if one.good else "high", f"{one.subject:<16}", one.text)
        if one.mend:
            terminal.line(f"{'':<16}{one.mend}")
    if all(one.good for one in told):
        return ExitCode.OK
    return ExitCode.FINDINGS
