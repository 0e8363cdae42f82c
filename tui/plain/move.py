"""A move on a plain terminal: what will happen, what happened, what remains."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checks.formats.display import shell_path
from checks.model.finding import Finding
from guides.move.apply import FileWritten, LoginProven, MoveEvent, MoveFailed, MoveFinished, RecordStored
from guides.move.logins import Left
from guides.move.plan import Plan
from guides.wording import counted, place_text, registry_title
from tui.plain.terminal import Terminal

ROTATE = "These secrets lay in plain text, and copies may exist in backups and snapshots: rotate them all the same."


def show_plan(plan: Plan, terminal: Terminal, home: Path) -> None:
    for change in plan.changes:
        terminal.line(f"{shell_path(change.file.path, home)} will be changed:")
        for line in change.preview:
            terminal.line(f"    {line}")
    for transfer in plan.transfers:
        first = transfer.logins[0]
        terminal.line(f"  {registry_title(first.registry)}: {first.record.secret.masked} goes to {plan.store.title}")
    if plan.default_store:
        terminal.line(f"  From now on docker login keeps new logins in {plan.store.title} (credsStore).")
    for note in plan.notes:
        terminal.line(f"  {note}")
    show_left(plan.left, terminal, home)


def show_left(left: Iterable[Left], terminal: Terminal, home: Path) -> None:
    for one in left:
        where = f"{shell_path(one.path, home)}:{one.line}"
        terminal.line(f"  stays: {registry_title(one.registry)} in {where}, {one.secret.masked}: {one.reason}")
        terminal.line(f"         next: {one.action}")


def show_event(event: MoveEvent, terminal: Terminal, home: Path) -> None:
    if isinstance(event, RecordStored):
        terminal.line(f"  stored   {event.server}{' (it was there already)' if event.already else ''}")
    elif isinstance(event, FileWritten):
        terminal.line(f"  written  {shell_path(event.path, home)}")
    elif isinstance(event, LoginProven):
        terminal.line(f"  proven   {event.proof.registry}: {', '.join(event.proof.clients)} resolve it from the store")
    elif isinstance(event, MoveFailed):
        terminal.line(f"Failed: {event.reason}")
        if event.mend:
            terminal.line(f"  {event.mend}")
        terminal.line(f"  {event.remains}" if event.remains else "  Everything is as it was.")
    else:
        _show_finish(event, terminal, home)


def show_copies(copies: Iterable[Finding], terminal: Terminal, home: Path) -> None:
    for finding in copies:
        terminal.line(f"  copy: {place_text(finding.place, home)}, {finding.secret.masked if finding.secret else ''}")
        terminal.line(f"        next: {finding.advice}")


def _show_finish(event: MoveFinished, terminal: Terminal, home: Path) -> None:
    moved = counted(len(event.registries), "login")
    terminal.line(f"{moved} moved and proven." if event.registries else "Done.")
    for path in event.came_back:
        terminal.line(f"But {shell_path(path, home)} was written by another program just now: dockhygiene move again.")
    if event.registries:
        terminal.line(ROTATE)
    terminal.line(f"dockhygiene undo {event.id} takes this back.")
