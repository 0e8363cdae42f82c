"""How every case and credential stands, as text for people."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from checks.formats.display import printable
from guides.monitor.state import State
from guides.monitor.timer.installing import installed
from guides.wording import counted
from tui.plain.terminal import Terminal
from tui.session import Session


def show_states(rows: Sequence[State], terminal: Terminal) -> None:
    for row in rows:
        first, _, rest = row.title.partition("  ")
        terminal.row("strong", first, f"  {rest}  {row.stands}")
        terminal.line(f"    {'; '.join(facts(row))}")
        for alarm in row.alarms:
            terminal.row("high", "    ALARM", f"  {printable(alarm, 300)}")
        for what in row.due:
            terminal.line(f"    due: {what}")
    if not rows:
        terminal.line("No case was opened, and no login was moved: dockhygiene shows what is exposed here.")
    alarms, due = sum(len(row.alarms) for row in rows), sum(len(row.due) for row in rows)
    if rows:
        terminal.line(f"{counted(len(rows), 'credential')}, {counted(alarms, 'alarm')}, {due} due.")


def facts(row: State) -> Iterator[str]:
    """What is known, each as a clause."""
    if row.credential and row.age:
        least = "" if row.credential.made else "at least "
        yield f"{least}{counted(row.age.days, 'day')} old"
        yield f"expires {day(row.age.ends - 1)}" if row.age.ends else "no end known"
        if row.age.limit:
            yield f"policy: until {day(row.age.limit)}"
    if row.credential and row.credential.case:
        yield f"the old one is dead since {day(row.old_dead)}" if row.old_dead else "the old one was not proven dead"
    yield f"verified {day(row.verified)}" if row.verified else "never verified"
    yield f"looked at {day(row.looked)}" if row.looked else "not looked at yet"


def timer_line(session: Session) -> str:
    held = installed(session.state)
    if held is None:
        return "No timer looks by itself: dockhygiene monitor --install sets one up."
    hosts = ", ".join(printable(host, 60) for host in held.hosts) or "nobody"
    return f"A timer ({held.system}) looks once a day, and contacts {hosts}."


def day(when: float) -> str:
    return datetime.datetime.fromtimestamp(when).astimezone().date().isoformat()
