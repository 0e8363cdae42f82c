"""The reports of what a change brings: the same as a scan's, for the programs that read those."""

from __future__ import annotations

import datetime
import time

from checks.catalog import CHECKS
from checks.git.change import Seen
from checks.model.workstation import Workstation
from checks.scan import CheckFinished
from tui.reports.gathered import Gathered


def render(seen: Seen, form: str, workstation: Workstation) -> str:
    """`form` is json or sarif. Paths are relative to the repository, which is the workstation's named one."""
    gathered = Gathered(
        workstation,
        datetime.datetime.fromtimestamp(seen.started, datetime.UTC),
        time.time() - seen.started,
        tuple(sorted(seen.findings, key=lambda one: (-one.severity, one.place.path, one.place.line or 0, one.rule))),
        tuple(seen.skipped),
        tuple(
            CheckFinished(check.id, seen.items, 0, 0.0, seen.failures.get(check.id, ""))
            for check in CHECKS
            if hasattr(check, "look")
        ),
        tuple(check.id for check in CHECKS if not hasattr(check, "look")),
        seen.notes,
    )
    if form == "json":
        from tui.reports.json import render as as_json

        return as_json(gathered)
    from tui.reports.sarif import render as as_sarif

    return as_sarif(gathered)
