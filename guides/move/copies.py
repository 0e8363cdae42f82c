"""Copies of what was just moved: the same secret in files that no client reads, which a move cannot take it out of."""

from __future__ import annotations

from collections.abc import Collection

from checks.catalog import CHECKS
from checks.model.finding import Finding
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.scan import FindingFound, scan
from guides.move.plan import Plan


def copies_left(plan: Plan, workstation: Workstation) -> tuple[Finding, ...]:
    """Looks at this workstation's places once more, for the secrets that the plan moved; each file and image once."""
    moved = {record.secret for transfer in plan.transfers for record in transfer.records}
    stay = {(str(left.path), left.secret) for left in plan.left}
    return _found(moved, stay, workstation)


def _found(
    moved: Collection[Secret], stay: Collection[tuple[str, Secret]], workstation: Workstation
) -> tuple[Finding, ...]:
    copies: dict[tuple[str, str], Finding] = {}
    for event in scan(workstation, CHECKS):
        if isinstance(event, FindingFound) and event.finding.secret in moved:
            finding = event.finding
            if (finding.place.path, finding.secret) not in stay:
                copies.setdefault((finding.place.path, finding.place.image or ""), finding)
    return tuple(finding for _, finding in sorted(copies.items(), key=lambda item: item[0]))
