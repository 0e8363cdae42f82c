"""`dockhygiene fix`: the guide on a plain terminal. It goes on where it was left."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from checks.catalog import CHECKS
from checks.files.state import StateError
from checks.formats.registry_names import registry_of
from checks.ignore.ignore_file import IgnoreFileError
from checks.ignore.ignores import Ignores
from checks.model.credential import Credential
from checks.model.finding import Confidence
from checks.trees.pool import readers
from checks.trees.trees import Trees
from guides.case.due import headline
from guides.case.file import forget, read, read_all
from guides.case.model import Case
from guides.case.opening import look_again
from guides.steps.printed import printed_guide
from guides.wording import case_title, counted
from tui.exit_codes import ExitCode
from tui.plain.fix import walk_through
from tui.plain.notices import show_notices
from tui.plain.terminal import Terminal, complain
from tui.reports.gathered import gather
from tui.session import Session, open_session
from tui.walks import walk_of
from tui.wording import credential_title


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    try:
        session = session or open_session()
        show_notices(session.notices(), terminal)
        return _fix(arguments, session, terminal)
    except (StateError, IgnoreFileError) as error:
        complain(str(error))
        return ExitCode.USAGE


def _fix(arguments: argparse.Namespace, session: Session, terminal: Terminal) -> int:
    if not terminal.can_ask and not arguments.print:
        complain("the guide asks, and there is no terminal to answer on; fix --print prints it")
        return ExitCode.USAGE
    cases = read_all(session.state)
    for path in cases.damaged:
        complain(f"{path} cannot be read as a case; move it away")
    with readers(session.workstation, None) as pool:
        trees = Trees(pool, state=session.state.path, repositories=True)
        start = cases.find(arguments.credential) if arguments.credential else None
        chosen = start or _chosen(arguments, session, terminal, cases.cases, trees)
        if chosen is None:
            return ExitCode.INCOMPLETE if arguments.credential else ExitCode.OK
        return _walk(arguments, session, terminal, chosen, trees)


def _walk(
    arguments: argparse.Namespace, session: Session, terminal: Terminal, start: Credential | Case, trees: Trees
) -> int:
    begun = read(session.state, start.id) is not None
    with walk_of(session, start, trees) as walk:
        if isinstance(start, Case):
            look_again(walk)
        if arguments.print:
            terminal.write(printed_guide(walk))
            if not begun:
                forget(session.state, start.id)  # reading the guide opens no case
            return ExitCode.OK
        walk_through(walk, terminal)
        return ExitCode.OK if walk.case.closed else ExitCode.FINDINGS


def _chosen(
    arguments: argparse.Namespace, session: Session, terminal: Terminal, cases: Sequence[Case], trees: Trees
) -> Credential | Case | None:
    found = _credentials(session, trees)
    if arguments.credential:
        return _named(arguments.credential, found)
    begun = {case.id: case for case in cases if not case.closed}
    choices: list[tuple[str, str]] = []
    for one in found:
        where = f"case: {headline(begun[one.id])}" if one.id in begun else counted(len(one.findings), "place")
        user = f"  {one.username}" if one.username else ""
        choices.append((one.id, f"{credential_title(one)}{user}  {one.secret.masked}  {where}"))
    for case in begun.values():
        if case.id not in {one.id for one in found}:
            title = f"{case_title(case.registry, case.provider)}  {case.username}  {case.old.masked}"
            choices.append((case.id, f"{title}  case: {headline(case)}"))
    if not choices:
        terminal.line("No credential was found in plain text, and no case is open.")
        return None
    answer = terminal.choose("Which credential?", [*choices, ("leave", "leave")], default="leave")
    known: dict[str, Credential | Case] = {**begun, **{one.id: one for one in found}}
    return known.get(answer)


def _credentials(session: Session, trees: Trees) -> list[Credential]:
    gathered = gather(session.workstation, CHECKS, (), trees=trees, ignores=Ignores(session.workstation))
    return [one for one in gathered.credentials if one.confidence > Confidence.POSSIBLE]


def _named(name: str, found: Sequence[Credential]) -> Credential | None:
    fitting = [one for one in found if one.id.startswith(name)] or [
        one for one in found if one.registry == registry_of(name)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        complain(f"no credential and no case is called {name}; dockhygiene fix lists them")
    else:
        names = ", ".join(f"{one.id} ({one.username or one.secret.masked})" for one in fitting)
        complain(f"{name} stands for several credentials: name one of {names}")
    return None
