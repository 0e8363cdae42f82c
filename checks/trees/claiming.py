"""Which checks know a file: most are known by none, which their names tell without looking any further."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from checks.model.check import Check

LAST_RESORT = "credential-documents"
"""The check for files under names that no other one knows."""
READ_COMMANDS = frozenset({"shell-startup", "shell-history", "container-builds", "ci-files"})
"""Ids of the checks that understand the command lines in their files."""


class Claiming:
    """The checks that claim a file, in their order; the last resort only where no other one does.

    A check may have a function `may_claim(name, folder)`: whether it claims a file of this name, in lower case, in this
    folder, perhaps. It costs less than to ask `claims`, and may be too generous.
    """

    def __init__(self, checks: Sequence[Check]) -> None:
        self._asked: list[tuple[Callable[[str, str], bool], Check]] = [
            (getattr(check, "may_claim", _perhaps), check) for check in checks
        ]

    def of(self, path: str) -> list[Check]:
        folder, _, name = path.rpartition("/")
        lower = name.lower()
        asked = [check for may_claim, check in self._asked if may_claim(lower, folder)]
        if not asked:
            return asked
        whole = Path(path)
        claiming = [check for check in asked if check.claims(whole)]
        return [check for check in claiming if check.id != LAST_RESORT] if len(claiming) > 1 else claiming


def _perhaps(_: str, __: str) -> bool:
    return True
