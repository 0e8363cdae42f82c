"""Saving what was seen, before anything is revoked."""

from __future__ import annotations

from checks.formats.display import printable
from guides.case.model import Evidence, StepId
from guides.case.walk import Walk


def save(walk: Walk, source: str, lines: tuple[str, ...], *, unusual: bool | None = None) -> None:
    """Adds to what was seen; it is on disk when this returns."""
    one = Evidence(walk.around.clock(), source, tuple(printable(line, 300) for line in lines), unusual)
    walk.log(StepId.EVIDENCE, f"saved from {source}: {len(lines)} lines", evidence=(*walk.case.evidence, one))
