"""One file told once: what a check understood by the format comes before what its text gives away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.model.finding import Finding, Observation
from checks.model.secret import Secret

_LONGEST = 1000
"""Lines of one finding."""


def new_to(told: Iterable[Finding], observations: Iterable[Observation]) -> Iterator[Observation]:
    """The observations without those that say of a line again what `told` says of it.

    A line of which a secret was told is not judged again by its names; a token with a form of its own still counts.
    """
    secrets: set[tuple[int, Secret]] = set()
    lines: set[int] = set()
    for finding in told:
        first = finding.place.line or 0
        of_finding = range(first, min(finding.place.end_line or first, first + _LONGEST) + 1)
        lines.update(of_finding)
        if finding.secret:
            secrets.update((line, finding.secret) for line in of_finding)
    for observation in observations:
        if not isinstance(observation, Finding) or not _again(observation, secrets, lines):
            yield observation


def _again(finding: Finding, secrets: set[tuple[int, Secret]], lines: set[int]) -> bool:
    secret, line = finding.secret, finding.place.line or 0
    return secret is not None and ((line, secret) in secrets or (line in lines and secret.form is None))
