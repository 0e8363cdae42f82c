"""`dockhygiene monitor --install` and `--uninstall`: the timer is shown, agreed to, and written or removed."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from checks.formats.display import shell_path
from guides.case.due import in_watch
from guides.case.file import read_all
from guides.edits.atomic import NotWritten
from guides.guards.asking import GuardError
from guides.guards.changes import diff
from guides.monitor.timer.installing import Plan, TimerError, health, installed, plan_install, plan_removal, remove
from guides.monitor.timer.installing import install as carry_out
from guides.monitor.timer.job import job_for
from guides.registries.realm import destinations
from tui.commands.guard_hooks import program_path
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.session import Session


def install(arguments: argparse.Namespace, session: Session, terminal: Terminal) -> int:
    try:
        hosts = () if arguments.offline else tuple(_hosts(arguments, session))
        job = job_for(session.workstation, session.state.path, program_path(session.environment), hosts)
        plan = plan_install(job, session.workstation.platform)
        held = installed(session.state)
        if not plan.changes and held and held.done:
            terminal.line("The timer is installed already, just so.")
            return ExitCode.OK
        _show(plan, session, terminal)
        who = ", ".join(hosts) or "nobody"
        terminal.line(f"It looks once a day, and contacts {who}. Only a credential that should work is ever sent.")
        if not _agreed(arguments, terminal, "install"):
            return ExitCode.FINDINGS
        for line in carry_out(plan, job, session.state, session.environment, time.time()):
            terminal.line(f"  {line}")
    except ValueError as error:
        complain(f"{error}; name a host such as ghcr.io")
        return ExitCode.USAGE
    except (TimerError, GuardError, NotWritten) as error:
        complain(str(error))
        return ExitCode.INCOMPLETE
    return ExitCode.OK


def uninstall(arguments: argparse.Namespace, session: Session, terminal: Terminal) -> int:
    try:
        plan = plan_removal(session.state)
        if plan is None:
            terminal.line("No timer is installed.")
            return ExitCode.OK
        _show(plan, session, terminal)
        if not _agreed(arguments, terminal, "remove"):
            return ExitCode.FINDINGS
        for line in remove(plan, session.state, session.environment):
            terminal.line(f"  {line}")
    except TimerError as error:
        complain(str(error))
        return ExitCode.INCOMPLETE
    return ExitCode.OK


def timer_health(session: Session, terminal: Terminal) -> bool:
    """For doctor: whether the timer works, where one is installed."""
    held = installed(session.state)
    if held is None:
        return True
    good, text = health(held, session.environment)
    terminal.line("Timer")
    terminal.line(f"  {held.system:<16}{text}")
    return good


def _hosts(arguments: argparse.Namespace, session: Session) -> Iterator[str]:
    """Those that were named, else those that the person approved for the watches that run. Raises ValueError."""
    if arguments.host:
        yield from dict.fromkeys(one for host in arguments.host for one in destinations(host))
        return
    watches = (case.watch for case in read_all(session.state).cases if in_watch(case))
    yield from dict.fromkeys(host for watch in watches if watch for host in watch.hosts)


def _show(plan: Plan, session: Session, terminal: Terminal) -> None:
    for change in plan.changes:
        what = "will be removed" if change.after is None else "will be written"
        terminal.line(f"{shell_path(change.path, session.workstation.home)} {what}")
        for line in diff(change) if change.after is not None else ():
            terminal.line(f"    {line}")
    for command in plan.commands:
        terminal.line(f"Then: {' '.join(command)}")
    for note in plan.notes:
        terminal.line(note)


def _agreed(arguments: argparse.Namespace, terminal: Terminal, verb: str) -> bool:
    if arguments.dry_run:
        terminal.line("Nothing was changed.")
        return False
    if arguments.yes:
        return True
    if not terminal.can_ask:
        complain("there is no terminal to confirm on; --yes agrees beforehand")
        return False
    if terminal.confirm("Go on?", verb):
        return True
    terminal.line("Nothing was changed.")
    return False
