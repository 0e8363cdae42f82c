"""Programs of password managers that speak JSON: started safely, fed through standard input, never quoted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checks.model.secret import Secret
from guides.stores.managers.manager import Setting
from guides.stores.program import Answer, find_program, run_program
from guides.stores.store import StoreError

SECONDS = 70.0
"""A person who unlocks something on the desktop needs a while."""


@dataclass(frozen=True, slots=True)
class JsonProgram:
    """One program. Its arguments are public: names, never values."""

    name: str
    setting: Setting

    def run(self, *arguments: str, stdin: Secret | None = None) -> Answer:
        program = find_program(self.name, self.setting.environ)
        given = stdin.reveal().encode() if stdin else b""
        return run_program(program, arguments, given, environ=self.setting.environ, timeout=SECONDS)

    def read(self, answer: Answer) -> Any:
        """The JSON it printed. Raises StoreError, which quotes nothing of it."""
        try:
            return json.loads(answer.stdout)
        except (ValueError, RecursionError):
            raise StoreError(
                f"{self.name} printed something that is not JSON", f"look whether {self.name} works"
            ) from None


def says(answer: Answer, words: Sequence[str]) -> bool:
    """Whether its complaint has one of these words, in any case."""
    said = (answer.stderr + answer.stdout).decode("utf-8", "replace").lower()
    return any(word.lower() in said for word in words)
