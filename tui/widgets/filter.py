"""Filter expressions for the list: `severity>=high registry:ghcr -user:bob words`. All parts must match."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum

from checks.model.finding import Confidence, Severity
from tui.widgets.row import Row

_PART = re.compile(r"(?P<field>[a-z]+)(?P<sign>>=|<=|:|=|>|<)(?P<value>.*)", re.IGNORECASE)
_LEVELS: dict[str, type[IntEnum]] = {"severity": Severity, "confidence": Confidence}
_SIGNS: dict[str, Callable[[int, int], bool]] = {
    ">=": lambda held, asked: held >= asked,
    "<=": lambda held, asked: held <= asked,
    ">": lambda held, asked: held > asked,
    "<": lambda held, asked: held < asked,
    ":": lambda held, asked: held == asked,
    "=": lambda held, asked: held == asked,
}
_TEXTS: dict[str, Callable[[Row], str]] = {
    "registry": lambda row: f"{row.name} {row.registry or ''}",
    "user": lambda row: row.user,
    "kind": lambda row: row.credential.kind if row.credential else "",
    "path": lambda row: " ".join(finding.place.path for finding in row.findings),
    "rule": lambda row: " ".join(finding.rule for finding in row.findings),
    "check": lambda row: " ".join(finding.check for finding in row.findings),
}

Test = Callable[[Row], bool]


class FilterNotUnderstood(Exception):
    """The expression has a part that means nothing; the message says which."""


def parse(expression: str) -> Test:
    """The test that an expression describes. Raises FilterNotUnderstood."""
    tests = [_part(word) for word in expression.split()]
    return lambda row: all(test(row) for test in tests)


def _part(word: str) -> Test:
    if word.startswith("-") and len(word) > 1:
        test = _part(word[1:])
        return lambda row: not test(row)
    match = _PART.fullmatch(word)
    if not match or match["field"].lower() not in (*_LEVELS, *_TEXTS):
        return _contains(_everything, word)  # a plain word: `10.0.4.2:5000` is one too
    field = match["field"].lower()
    if field in _LEVELS:
        return _level(field, match["sign"], match["value"])
    if match["sign"] not in (":", "="):
        raise FilterNotUnderstood(f"{field} has no order: write {field}:{match['value']}")
    return _contains(_TEXTS[field], match["value"])


def _level(field: str, sign: str, value: str) -> Test:
    levels = _LEVELS[field]
    named = [level for level in levels if value and level.name.lower().startswith(value.lower())]
    if len(named) != 1:
        known = ", ".join(level.name.lower() for level in levels)
        raise FilterNotUnderstood(f"{field} is one of {known}")
    compare, asked = _SIGNS[sign], named[0]
    return lambda row: compare(row.severity if field == "severity" else row.confidence, asked)


def _contains(text: Callable[[Row], str], word: str) -> Test:
    wanted = word.casefold()
    return lambda row: wanted in text(row).casefold()


def _everything(row: Row) -> str:
    titles = " ".join(finding.title for finding in row.findings)
    return " ".join(
        (row.name, row.user, row.held, row.where, titles, row.severity.label, *(read(row) for read in _TEXTS.values()))
    )
