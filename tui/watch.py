"""At every start: one look of every case in watch whose day has come, and what the person should know of it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from checks.files.state import StateError
from guides.case.due import has_ended, is_due
from guides.case.file import read_all
from guides.case.model import Case
from guides.case.opening import open_walk
from guides.move.notice import Notice
from guides.steps.watching import look_once
from guides.wording import case_title
from tui.session import Session
from tui.walks import surroundings


def look_at_due(session: Session) -> Iterator[Notice]:
    """Raises StateError where the cases cannot be read; a case that another program has open is left to it."""
    held = read_all(session.state)
    for path in held.damaged:
        yield Notice(f"{path} cannot be read as a case.", "Move it away; the credential's case can be opened anew.")
    for case in held.cases:
        now = time.time()
        if case.pending:
            yield Notice(f"Case {case.id} was interrupted: {case.pending.text}.", case.pending.mend)
        if is_due(case, now):
            yield from _looked(session, case)
        if has_ended(case, now):
            yield Notice(f"The watch of case {case.id} is over.", f"Close it: c, or dockhygiene fix {case.id}.")


def _looked(session: Session, case: Case) -> Iterator[Notice]:
    try:
        with open_walk(surroundings(session), case) as walk:
            for _ in look_once(walk):
                pass
            alarms = walk.case.watch.alarms if walk.case.watch else ()
    except StateError:
        return
    for alarm in alarms:
        yield Notice(
            f"Case {case.id}, {case_title(case.registry, case.provider)}: {alarm}.", f"dockhygiene fix {case.id}, or c."
        )
