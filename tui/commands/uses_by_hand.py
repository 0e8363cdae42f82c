"""`dockhygiene uses --add`, `--remove` and `--stale`: the uses that people wrote down, in a plain file."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from checks.formats.display import printable, shell_path
from checks.model.use import Use
from checks.uses.by_hand import KIND, Entry
from checks.uses.find import BUDGET, find_uses
from checks.uses.registries import canonical
from guides.edits.atomic import NotWritten
from guides.guards.changes import Change, diff, make
from guides.inventory.stale import stale
from guides.inventory.writing import Refused, person_file, plan_add, plan_remove, read_at, team_file
from guides.rotation.policy import PolicyError, policy_file, read_policy
from guides.wording import counted
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.session import Session

_GIVEN = ("username", "owner", "contact", "update", "staging", "where")
"""Options that are fields of an entry."""


def run(arguments: argparse.Namespace, session: Session) -> int:
    terminal = Terminal()
    try:
        if arguments.stale:
            return _stale(arguments, session, terminal)
        path = _file(arguments, session)
        change = _added(arguments, session, path) if arguments.add else plan_remove(path, arguments.remove)
        return _carry_out(change, arguments, session, terminal)
    except (Refused, PolicyError) as error:
        complain(str(error))
        return ExitCode.USAGE
    except NotWritten as error:
        complain(str(error))
        return ExitCode.INCOMPLETE


def _file(arguments: argparse.Namespace, session: Session) -> Path:
    """The file that was named, the repository's where it has one, else the person's own. Raises Refused."""
    if arguments.file:
        return Path.cwd() / str(arguments.file)
    team = team_file(Path.cwd())
    if arguments.team and not team:
        raise Refused("no repository is here", "go into one, or name a --file")
    return team if team and (arguments.team or team.exists()) else person_file(session.workstation)


def _added(arguments: argparse.Namespace, session: Session, path: Path) -> Change:
    """An entry that is there already is confirmed for today; what is given anew replaces what it said."""
    _, held = read_at(path)
    known = next((one for one in held.entries if one.service == _line(arguments.add)), None)
    registry = canonical(arguments.registry or (known.registry if known else ""))
    if not registry:
        raise Refused("a use belongs to a registry", "name it: --registry ghcr.io")
    before = known or Entry(_line(arguments.add), registry)
    given: dict[str, Any] = {name: _line(text) for name in _GIVEN if (text := getattr(arguments, name)) is not None}
    entry = replace(before, registry=registry, confirmed=datetime.date.today(), **given)
    return plan_add(path, entry, session.workstation)


def _line(text: str) -> str:
    return " ".join(text.split())


def _carry_out(change: Change, arguments: argparse.Namespace, session: Session, terminal: Terminal) -> int:
    terminal.line(shell_path(change.path, session.workstation.home))
    for line in diff(change):
        terminal.line(f"  {line}")
    if arguments.dry_run:
        terminal.line("Nothing was changed.")
        return ExitCode.FINDINGS
    if not arguments.yes:
        if not terminal.can_ask:
            complain("there is no terminal to confirm on; --yes agrees beforehand")
            return ExitCode.FINDINGS
        if not terminal.confirm("Go on?", "write"):
            terminal.line("Nothing was changed.")
            return ExitCode.FINDINGS
    make(change)
    terminal.line("Written.")
    return ExitCode.OK


def _stale(arguments: argparse.Namespace, session: Session, terminal: Terminal) -> int:
    days = read_policy(policy_file(session.workstation.config_home)).uses
    today, found, bad, count = datetime.date.today(), 0, 0, 0
    for path in _files(arguments, session):
        _, held = read_at(path)
        shown = shell_path(path, session.workstation.home)
        count += len(held.entries)
        for problem in held.problems:
            bad += 1
            complain(f"{shown}:{problem.line}: {problem.reason}")
        for entry, reason in stale(held.entries, path, today, days):
            found += 1
            terminal.line(f"{shown}:{entry.line}  {printable(entry.title, 160)}: {reason}")
    terminal.line(f"{counted(count, 'use')} written down, {found} may no longer be so. uses --add confirms one.")
    if bad:
        return ExitCode.USAGE
    return ExitCode.FINDINGS if found else ExitCode.OK


def _files(arguments: argparse.Namespace, session: Session) -> Iterator[Path]:
    """The named file; else the person's own, this repository's, and those that a look for uses comes by."""
    if arguments.file:
        yield Path.cwd() / arguments.file
        return
    team = team_file(Path.cwd())
    found = [person_file(session.workstation), *((team,) if team else ())]
    budget = None if arguments.full else BUDGET
    paths = [Path.cwd() / path for path in arguments.path]
    for one in find_uses(session.workstation, paths, budget=budget, full=arguments.full):
        if isinstance(one, Use) and one.kind == KIND:
            found.append(Path(one.path))
    yield from dict.fromkeys(found)
