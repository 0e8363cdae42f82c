"""`dockhygiene scan`: look, print, exit by what was found."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from io import StringIO
from pathlib import Path

from checks.catalog import CHECKS, by_id
from checks.files.state import StateError, StateFolder, StateUnavailable
from checks.ignore.baseline import Baseline, BaselineError
from checks.ignore.baseline import read as read_baseline
from checks.ignore.baseline import write as write_baseline
from checks.ignore.ignore_file import IgnoreFileError
from checks.ignore.ignores import Ignores
from checks.model.check import Check
from checks.model.finding import Severity
from checks.model.workstation import MEBIBYTE, Workstation
from checks.trees.pool import readers
from checks.trees.trees import Trees
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.reports.gathered import Gathered, gather
from tui.reports.written import deliver
from tui.session import Session, open_session, workstation_without_state


class WrongUsage(Exception):
    """The message says what was wrong with the call."""


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    try:
        checks = _chosen(arguments.only, arguments.skip)
        workstation, state = (session.workstation, session.state) if session else _workstation()
        paths = [Path.cwd() / path for path in arguments.paths]
        known = _known(arguments.baseline, workstation)
        ignores = Ignores(workstation, paths, known)
    except (WrongUsage, StateError, BaselineError, IgnoreFileError) as error:
        complain(str(error))
        return ExitCode.USAGE
    unreadable = [path for path in paths if not os.access(path, os.R_OK)]
    for path in unreadable:
        complain(f"{path}: {'not readable' if path.exists() else 'not there'}")
    named = [path for path in paths if path not in unreadable]
    if paths and not named:
        return ExitCode.INCOMPLETE
    limits = replace(
        workstation.limits, text_bytes=arguments.max_size * MEBIBYTE, remote_docker=arguments.remote_docker
    )
    workstation = replace(workstation, limits=limits)
    with readers(workstation, arguments.jobs) as pool:
        trees = Trees(
            pool,
            state=None if arguments.no_cache or not state else state.path,
            repositories=True,
            budget=None if arguments.full else arguments.budget,
            full=arguments.full,
            history=arguments.history,
            images=arguments.images,
            declined=tuple(check for check in CHECKS if check.id in _names(arguments.skip)),
        )
        left_out = [check.id for check in CHECKS if check not in checks]
        gathered = gather(workstation, checks, named, left_out, trees=trees, ignores=ignores)
    delivered = _deliver(gathered, arguments)
    if arguments.baseline and not known:
        return _begin_baseline(Path(arguments.baseline), gathered)
    if not delivered or unreadable or gathered.failures:
        return ExitCode.INCOMPLETE
    return ExitCode.FINDINGS if gathered.at_least(Severity[arguments.fail_on.upper()]) else ExitCode.OK


def _workstation() -> tuple[Workstation, StateFolder | None]:
    try:
        session = open_session()
        return session.workstation, session.state
    except StateUnavailable as error:
        complain(f"{error}; the ids in this report will be others next time")
        return workstation_without_state(), None


def _known(file: str | None, workstation: Workstation) -> Baseline | None:
    """The baseline, where there is one already."""
    return read_baseline(Path(file), workstation.home) if file and os.path.lexists(file) else None


def _begin_baseline(file: Path, gathered: Gathered) -> ExitCode:
    try:
        written = write_baseline(file, gathered.findings, gathered.workstation.home)
    except BaselineError as error:
        complain(str(error))
        return ExitCode.INCOMPLETE
    complain(f"{file} was written: the next scan with it tells what is not among these {written:,}")
    return ExitCode.OK


def _chosen(only: str | None, skip: str | None) -> tuple[Check, ...]:
    names = {*_names(only), *_names(skip)}
    unknown = sorted(name for name in names if not by_id(name))
    if unknown:
        known = ", ".join(check.id for check in CHECKS)
        raise WrongUsage(f"no check is called {', '.join(unknown)}; there are: {known}")
    wanted = _names(only) or [check.id for check in CHECKS]
    chosen = tuple(check for check in CHECKS if check.id in wanted and check.id not in _names(skip))
    if not chosen:
        raise WrongUsage("--only and --skip together leave no check to run")
    return chosen


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _deliver(gathered: Gathered, arguments: argparse.Namespace) -> bool:
    """Prints or writes the report; False where it could not be written."""
    if not arguments.output:
        _write(gathered, arguments, Terminal())
        return True
    text = StringIO()
    _write(gathered, arguments, Terminal(text))
    return deliver(text.getvalue(), arguments.output)


def _write(gathered: Gathered, arguments: argparse.Namespace, terminal: Terminal) -> None:
    if arguments.format == "json":
        from tui.reports.json import render

        terminal.write(render(gathered))
        return
    if arguments.format == "sarif":
        from tui.reports.sarif import render as render_sarif

        terminal.write(render_sarif(gathered))
        return
    from tui.plain.scan import show

    show(gathered, terminal, list_skipped=arguments.skipped, possible=arguments.possible)
