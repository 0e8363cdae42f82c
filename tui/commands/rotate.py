"""`dockhygiene rotate`: which credentials are due, and the walk that replaces one of them."""

from __future__ import annotations

import argparse
import getpass
import time
from collections.abc import Sequence

from checks.files.state import StateError
from checks.formats.registry_names import registry_of
from checks.model.secret import Secret
from guides.case.file import read_all
from guides.case.model import Case
from guides.case.opening import look_for_uses
from guides.case.walk import Walk
from guides.monitor.credentials import Tracked, superseding, tracked
from guides.monitor.looking import title_of
from guides.move import journal
from guides.rotation.at_once import at_once, possible
from guides.rotation.due import age_of
from guides.rotation.policy import Policy, PolicyError, policy_file, read_policy
from guides.rotation.starting import NotAtHand, rotation
from guides.steps.cleaning import recover_cleanings
from guides.steps.files import recover_edits
from guides.steps.printed import printed_guide
from guides.stores.store import StoreError
from guides.wording import counted
from tui.exit_codes import ExitCode
from tui.plain.fix import do, show_path, walk_through
from tui.plain.monitor import day
from tui.plain.notices import show_notices
from tui.plain.terminal import Terminal, complain
from tui.session import Session, open_session
from tui.walks import USES_SECONDS, surroundings


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    try:
        session = session or open_session()
        show_notices(session.notices(), terminal)
        policy = read_policy(policy_file(session.workstation.config_home))
        cases = read_all(session.state).cases
        known = tracked(cases, journal.read_all(session.state).moves)
        if not arguments.credential:
            return _list(known, cases, policy, terminal)
        one = _named(arguments.credential, known, cases)
        if one is None:
            return ExitCode.USAGE
        return _rotate(arguments, session, one, policy, terminal)
    except (StateError, PolicyError) as error:
        complain(str(error))
        return ExitCode.USAGE
    except StoreError as error:
        complain(str(error))
        return ExitCode.INCOMPLETE


def _list(known: Sequence[Tracked], cases: Sequence[Case], policy: Policy, terminal: Terminal) -> int:
    now, due = time.time(), 0
    made_by = {case.id: case for case in cases}
    for one in known:
        age = age_of(one, policy, now)
        due += age.due
        first, _, rest = _title(one).partition("  ")
        terminal.row("strong", first, f"  {rest}")
        ends = f"expires {day(age.ends - 1)}" if age.ends else "no end known"
        wanted = f"policy: until {day(age.limit)}" if age.limit else "no policy"
        terminal.line(f"    {'' if one.made else 'at least '}{counted(age.days, 'day')} old; {ends}; {wanted}")
        begun = superseding(made_by[one.case], cases) if one.case in made_by else None
        if begun:
            terminal.line(f"    being replaced by case {begun.id}: dockhygiene rotate {one.id} goes on")
        elif age.due:
            terminal.line(f"    due: {age.reason}: dockhygiene rotate {one.id}")
    if not known:
        terminal.line("No credential is known to be in use: dockhygiene move and fix make them known.")
        return ExitCode.OK
    terminal.line(f"{counted(len(known), 'credential')} in use, {due} due.")
    return ExitCode.FINDINGS if due else ExitCode.OK


def _named(name: str, known: Sequence[Tracked], cases: Sequence[Case]) -> Tracked | None:
    """By its id, by the case that made it or that replaces it, or by its registry."""
    made_by = {case.id: case for case in cases}

    def ids(one: Tracked) -> tuple[str, ...]:
        begun = superseding(made_by[one.case], cases) if one.case in made_by else None
        return tuple(filter(None, (one.id, one.case, begun.id if begun else "")))

    fitting = [one for one in known if any(each.startswith(name) for each in ids(one))]
    fitting = fitting or [one for one in known if one.registry == registry_of(name)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        complain(f"{name} stands for several credentials: name one of {', '.join(one.id for one in fitting)}")
    else:
        complain(f"no credential in use is called {name}; dockhygiene rotate lists them")
    return None


def _rotate(arguments: argparse.Namespace, session: Session, one: Tracked, policy: Policy, terminal: Terminal) -> int:
    if not terminal.can_ask and not arguments.print:
        complain("a rotation asks, and there is no terminal to answer on; rotate --print prints the guide")
        return ExitCode.USAGE
    age = age_of(one, policy, time.time())
    terminal.line(_title(one))
    terminal.line(f"  {age.reason}." if age.due else "  Its time has not come yet; replacing it early harms nothing.")
    try:
        return _walk(arguments, session, one, terminal, None)
    except NotAtHand as error:
        if not terminal.can_ask:
            complain(f"{error}")
            return ExitCode.INCOMPLETE
        terminal.line(f"  {str(error)[:1].upper()}{str(error)[1:]}.")
    typed = Secret(getpass.getpass("Its value (not shown; return to stop): ").strip())
    if not typed:
        return ExitCode.INCOMPLETE
    try:
        return _walk(arguments, session, one, terminal, typed)
    except NotAtHand as error:
        complain(str(error))
        return ExitCode.INCOMPLETE


def _walk(
    arguments: argparse.Namespace, session: Session, one: Tracked, terminal: Terminal, given: Secret | None
) -> int:
    with rotation(surroundings(session), one, given) as walk:
        recover_edits(walk)
        recover_cleanings(walk)
        look_for_uses(walk, USES_SECONDS)
        if arguments.print:
            terminal.write(printed_guide(walk))
            return ExitCode.OK
        if not arguments.step_by_step and walk.case.old.dead is None:
            _at_once(arguments, walk, terminal)
        if not arguments.at_once and (arguments.step_by_step or walk.case.old.dead is None):
            walk_through(walk, terminal)
        return ExitCode.OK if walk.case.old.dead is not None else ExitCode.FINDINGS


def _at_once(arguments: argparse.Namespace, walk: Walk, terminal: Terminal) -> None:
    if not possible(walk):
        if arguments.at_once:
            terminal.line("This provider's API does not make and end this kind of credential: without --at-once the")
            terminal.line("guide walks you through it.")
        return
    choices = [("now", "all at once, with one confirmation"), ("steps", "step by step")]
    answer = "now" if arguments.at_once else terminal.choose("How?", choices, default="steps")
    if answer == "now":
        do(at_once(walk), terminal)
        show_path(walk, terminal)


def _title(one: Tracked) -> str:
    shown = one.masked or f"moved into {one.store}"
    return title_of(one.registry, one.username, shown, one.id + (f", case {one.case}" if one.case else ""))
