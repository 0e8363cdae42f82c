"""`dockhygiene guard ci`: the set-up that makes a CI system look at what each change brings."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from guides.edits.atomic import NotWritten
from guides.guards.ci.catalog import CiSystem, ci_system, set_up
from guides.guards.ci.hosting import push_protection
from guides.guards.ci.placing import Placement, State, place, write
from guides.guards.ci.repository import main_branch, work_tree_around
from tui import __version__
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain


def run(arguments: argparse.Namespace) -> int:
    system = ci_system(arguments.name)
    folder = Path(arguments.directory or ".").absolute()
    if not folder.is_dir():
        complain(f"{folder} is no folder; --directory names a repository")
        return ExitCode.USAGE
    top = work_tree_around(folder)
    text = set_up(system, __version__, main_branch(top))
    if not arguments.write:
        Terminal().write(text)
        _about(system, Terminal(sys.stderr))  # so that the set-up alone can go into a file
        return ExitCode.OK
    if top is None:
        complain(f"{folder} is in no git repository; --directory names one, without --write the set-up is printed")
        return ExitCode.USAGE
    return _write(place(system, top, text), system, Terminal(), sure=arguments.yes)


def _write(placement: Placement, system: CiSystem, terminal: Terminal, *, sure: bool) -> int:
    if placement.state is State.TAKEN:
        terminal.write(placement.text)
        terminal.line()
        terminal.line(f"{placement.file} is there already, and stays as it is.")
        _join(system, terminal)
        _about(system, terminal)
        return ExitCode.FINDINGS
    if placement.state is State.FREE:
        for line in placement.diff:
            terminal.line(line)
        terminal.line()
        if not _agreed(placement, terminal, sure=sure):
            terminal.line("Nothing was written.")
            return ExitCode.FINDINGS
        try:
            write(placement)
        except NotWritten as error:
            complain(str(error))
            return ExitCode.INCOMPLETE
        terminal.line(f"{placement.file} is written. {system.then} Removing the file takes it back.")
    else:
        terminal.line(f"{placement.file} is this set-up already.")
    if placement.taken:
        terminal.line(f"{placement.taken} is yours, and stays as it is.")
        _join(system, terminal)
    _about(system, terminal)
    return ExitCode.OK


def _agreed(placement: Placement, terminal: Terminal, *, sure: bool) -> bool:
    if sure:
        return True
    if not terminal.can_ask:
        complain("there is no terminal to confirm on; --yes goes on without")
        return False
    return terminal.confirm(f"Write {placement.file}?", "write")


def _join(system: CiSystem, terminal: Terminal) -> None:
    for line in system.joining.splitlines():
        terminal.line(line)


def _about(system: CiSystem, terminal: Terminal) -> None:
    """What the set-up cannot do, how it was proven, and what the hosting platform does by itself."""
    terminal.line()
    if system.remark:
        terminal.line(system.remark)
    terminal.line(system.proof)
    terminal.line("What the hosting platform itself does against a secret that is pushed:")
    for platform in push_protection(system.hosts):
        terminal.line(f"  {platform.title}: {platform.what}")
        terminal.line(f"    {platform.where}")
        terminal.line(f"    {platform.page}")
