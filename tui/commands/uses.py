"""`dockhygiene uses`: which services will stop working when a credential ends."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from checks.catalog import CHECKS
from checks.files.state import StateError, StateUnavailable
from checks.formats.display import printable
from checks.ignore.ignore_file import IgnoreFileError
from checks.ignore.ignores import Ignores
from checks.model.finding import Skipped
from checks.model.use import Use
from checks.model.workstation import Workstation
from checks.trees.pool import readers
from checks.trees.trees import Trees
from checks.uses.find import BUDGET, find_uses
from checks.uses.matching import registries_of, resolved
from checks.uses.registries import canonical
from guides.case.file import read_all
from guides.monitor.credentials import tracked
from guides.move import journal
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.plain.uses import show
from tui.reports.gathered import Gathered, gather
from tui.session import Session, open_session, workstation_without_state


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    if arguments.add or arguments.remove or arguments.stale:
        return _by_hand(arguments, session)
    paths = [Path.cwd() / path for path in arguments.path]
    try:
        workstation = session.workstation if session else _workstation()
        ignores = Ignores(workstation, paths, None)
    except (StateError, IgnoreFileError) as error:
        complain(str(error))
        return ExitCode.USAGE
    unreadable = [path for path in paths if not os.access(path, os.R_OK)]
    for path in unreadable:
        complain(f"{path}: {'not readable' if path.exists() else 'not there'}")
    named = [path for path in paths if path not in unreadable]
    if paths and not named:
        return ExitCode.INCOMPLETE
    gathered = _gather(workstation, named, ignores, full=arguments.full)
    wanted = _kept(arguments.credential, session)
    if wanted:
        gathered = _only(gathered, wanted)
        if not gathered.told and not gathered.uses:
            complain(
                f"no credential is called {printable(wanted)}, and nothing uses such a registry; see dockhygiene uses"
            )
            return ExitCode.USAGE
    if arguments.format == "json":
        from tui.reports.json import render

        Terminal().write(render(gathered))
    else:
        show(gathered, Terminal(), wanted=wanted or "", list_skipped=arguments.skipped)
    return ExitCode.INCOMPLETE if unreadable or gathered.failures else ExitCode.OK


def _by_hand(arguments: argparse.Namespace, session: Session | None) -> int:
    from tui.commands.uses_by_hand import run as write

    try:
        return write(arguments, session or open_session())
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE


def _kept(name: str | None, session: Session | None) -> str | None:
    """The registry of a credential that lies in a store, where the name is one's id or its case's; else the name."""
    if not name:
        return name
    try:
        state = (session or open_session()).state
        known = tracked(read_all(state).cases, journal.read_all(state).moves)
    except StateError:
        return name
    return next((one.registry for one in known if name in (one.id, one.case)), name)


def _workstation() -> Workstation:
    try:
        return open_session().workstation
    except StateUnavailable as error:
        complain(f"{error}; the ids in this report will be others next time")
        return workstation_without_state()


def _gather(workstation: Workstation, paths: Sequence[Path], ignores: Ignores, *, full: bool) -> Gathered:
    """Credentials of the known places and of the paths, and all uses there are."""
    gathered = gather(workstation, CHECKS, (), ignores=ignores)
    if paths:
        with readers(workstation, None) as pool:
            below = gather(workstation, CHECKS, paths, trees=Trees(pool), ignores=ignores)
        findings = {(one.place, one.rule, one.locator): one for one in (*gathered.findings, *below.findings)}
        gathered = replace(
            gathered,
            findings=tuple(findings.values()),
            skipped=(*gathered.skipped, *below.skipped),
            seconds=gathered.seconds + below.seconds,
        )
    uses: list[Use] = []
    skipped: list[Skipped] = []
    for one in find_uses(workstation, paths, budget=None if full else BUDGET, full=full):
        (skipped if isinstance(one, Skipped) else uses).append(one)  # type: ignore[arg-type]
    return replace(gathered, uses=resolved(tuple(uses)), skipped=(*gathered.skipped, *skipped))


def _only(gathered: Gathered, wanted: str) -> Gathered:
    """What belongs to this credential: by its id, or by the registry."""
    registry = canonical(wanted) or ("docker.io" if wanted.lower() in ("docker hub", "dockerhub", "docker-hub") else "")
    credentials = [
        one for one in gathered.credentials if one.id == wanted or (registry and registry in registries_of(one))
    ]
    held = {one.secret for one in credentials}
    registries = {registry} if registry else set().union(*(registries_of(one) for one in credentials))
    return replace(
        gathered,
        findings=tuple(one for one in gathered.findings if one.secret in held),
        uses=tuple(use for use in gathered.uses if use.registry in registries or use.secret in held or not use.registry)
        if credentials
        else tuple(use for use in gathered.uses if use.registry == registry and registry),
    )
