"""A secret of a command line as a finding: shared by the checks that read shell files."""

from __future__ import annotations

from checks.detect.command_values import CommandSecret
from checks.formats.display import printable
from checks.formats.text_positions import Lines
from checks.model.finding import Finding, Place, Severity


def finding_of(found: CommandSecret, lines: Lines, *, check: str, path: str, advice: str, times: int = 1) -> Finding:
    """`times` tells how often the file holds this secret; the finding's place is one of them."""
    line, column = lines.at(found.start)
    end_line, _ = lines.at(max(found.end - 1, found.start))
    kind = found.secret.kind
    token = kind not in ("password", "jwt")
    often = f", {times} times" if times > 1 else ""
    return Finding(
        check=check,
        rule=f"secret-in-{check}",
        title=printable(found.what) + often,
        severity=Severity.CRITICAL if token else Severity.HIGH if found.registry else Severity.MEDIUM,
        confidence=found.confidence,
        place=Place(path, line=line, end_line=end_line, column=column),
        secret=found.secret,
        registry=found.registry,
        username=found.username,
        advice=advice,
        locator=printable(found.what),
    )
