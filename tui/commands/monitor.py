"""`dockhygiene monitor`: how every case and credential stands, one look at all of them, and the timer for it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Collection
from contextlib import nullcontext

from checks.files.state import StateError
from checks.trees.pool import readers
from checks.trees.trees import KNOWN_PLACES, Trees
from guides.case.file import read_all
from guides.monitor.looking import Seen, look_over
from guides.monitor.memory import remembered
from guides.monitor.notifying import NotNotified, notify
from guides.monitor.state import states
from guides.move import journal
from guides.rotation.policy import Policy, PolicyError, policy_file, read_policy
from guides.wording import counted
from tui.exit_codes import ExitCode
from tui.plain.monitor import show_states, timer_line
from tui.plain.terminal import Terminal, complain
from tui.session import Session, open_session
from tui.walks import surroundings


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    try:
        session = session or open_session()
        policy = read_policy(policy_file(session.workstation.config_home))
        if arguments.install or arguments.uninstall:
            from tui.commands.monitor_timer import install, uninstall

            return (install if arguments.install else uninstall)(arguments, session, terminal)
        if arguments.once:
            return _once(arguments, session, policy, terminal)
        return _table(session, policy, terminal)
    except (StateError, PolicyError) as error:
        complain(str(error))
        return ExitCode.USAGE


def _table(session: Session, policy: Policy, terminal: Terminal) -> int:
    held, moved, memories = read_all(session.state), journal.read_all(session.state), remembered(session.state)
    rows = list(states(held.cases, moved.moves, memories, policy, time.time()))
    show_states(rows, terminal)
    terminal.line(timer_line(session))
    for path in (*held.damaged, *moved.damaged):
        complain(f"{path} cannot be read; move it away")
    if held.damaged or moved.damaged:
        return ExitCode.INCOMPLETE
    return ExitCode.FINDINGS if any(row.alarms or row.due for row in rows) else ExitCode.OK


def _once(arguments: argparse.Namespace, session: Session, policy: Policy, terminal: Terminal) -> int:
    hosts: Collection[str] | None = () if arguments.offline else arguments.host
    seen = []
    with readers(session.workstation) if arguments.full else nullcontext(None) as pool:
        everything = Trees(pool, session.state.path, repositories=True, budget=None, full=True, history=True)
        around = surroundings(session, everything if arguments.full else KNOWN_PLACES)
        for one in look_over(around, policy, hosts):
            _tell(one, terminal)
            seen.append(one)
    wrong = [alarm for one in seen for alarm in one.alarms]
    due = [one.due for one in seen if one.due]
    failed = [one.failure for one in seen if one.failure]
    summary = _summary(len(wrong), len(due), len(failed))
    credentials = sum(not one.failure for one in seen)
    terminal.line(f"{counted(credentials, 'credential')} looked at: {summary or 'all is well'}.")
    if arguments.notify and summary:
        _notify(f"{summary}. {(*wrong, *due, *failed)[0]}. dockhygiene monitor shows all.", session, terminal)
    if failed:
        return ExitCode.INCOMPLETE
    return ExitCode.FINDINGS if wrong or due else ExitCode.OK


def _tell(one: Seen, terminal: Terminal) -> None:
    first, _, rest = one.title.partition("  ")
    terminal.row("strong", first, f"  {rest}")
    for line in (line for line in one.lines if line not in one.alarms):
        terminal.line(f"  {line}")
    for alarm in one.alarms:
        terminal.row("high", "  ALARM", f"  {alarm}")
    if one.due:
        terminal.line(f"  due: {one.due}")
    if one.failure:
        terminal.line(f"  not looked at: {one.failure}")


def _summary(alarms: int, due: int, failed: int) -> str:
    parts = (counted(alarms, "alarm") if alarms else "", f"{due} due" if due else "")
    return ", ".join(filter(None, (*parts, f"{failed} not looked at" if failed else "")))


def _notify(text: str, session: Session, terminal: Terminal) -> None:
    try:
        notify(text, session.environment, session.workstation.platform)
    except NotNotified as error:
        terminal.line(f"No notification was shown: {error}.")
