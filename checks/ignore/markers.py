"""Markers in the line of a finding: our own, and those that other scanners have made people write."""

from __future__ import annotations

import re
from typing import NamedTuple

from checks import late

_BEFORE, _BEHIND = r"(?<!\w)(?<!\w-)", r"(?!-?\w)"
"""A whole word; a comment's own hyphens may touch it."""
_OTHERS = late.compile(
    rf"{_BEFORE}(?:gitleaks:allow|trufflehog:ignore|kingfisher:ignore|ggignore|pragma: ?(?:allow|white)list[ -]secret)"
    rf"{_BEHIND}",
    re.IGNORECASE,
)
_RULE = r"[a-z0-9]{1,40}+(?>(?:-[a-z0-9]{1,40}+){0,20})"
_OURS = late.compile(
    rf"{_BEFORE}dockhygiene:[ \t]{{0,8}}+ignore{_BEHIND}"
    rf"(?:[ \t]{{1,8}}+(?P<rules>{_RULE}(?:[ \t]{{0,8}},[ \t]{{0,8}}+{_RULE}){{0,50}}))?",
    re.IGNORECASE,
)


class Marker(NamedTuple):
    """What stands in the line. Without rules it means every finding of the line."""

    name: str
    rules: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return f"{self.name} {', '.join(self.rules)}" if self.rules else self.name

    def covers(self, rule: str) -> bool:
        return not self.rules or rule in self.rules


def markers_in(line: str) -> tuple[Marker, ...]:
    """Every marker of the line, ours first; upper and lower case are the same."""
    ours = [Marker("dockhygiene: ignore", _rules(found["rules"])) for found in _OURS.finditer(line)]
    others = [Marker(found.group().lower()) for found in _OTHERS.finditer(line)]
    return tuple(dict.fromkeys(ours + others))


def marked(marker: Marker) -> str:
    """The `ignored` text of a finding that this marker covers."""
    return f"marked {marker.text} in the line"


def is_marked(ignored: str) -> bool:
    """Whether such a text stands there because of a marker: the source itself says it, not a file beside it."""
    return ignored.startswith("marked ") and ignored.endswith(" in the line")


def _rules(text: str | None) -> tuple[str, ...]:
    return tuple(rule.strip().lower() for rule in text.split(",")) if text else ()
