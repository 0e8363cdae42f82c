"""A plain terminal: lines, questions with a safe default, colour that only repeats what the words say."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from checks.formats.display import printable

_COLOURS = {"critical": "1;31", "high": "31", "medium": "33", "low": "2", "good": "32", "strong": "1"}


class Terminal:
    """Writes to `out`; asks on standard input. Everything written is free of foreign control characters."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self._colour = self.out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def line(self, text: str = "", *, limit: int = 500) -> None:
        self.write(printable(text, limit) + "\n")

    def write(self, text: str) -> None:
        """Writes text that is safe already. A reader that went away (`| head`) must not stop a move half way."""
        try:
            self.out.write(text)
            self.out.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.out.fileno())

    def row(self, style: str, first: str, rest: str) -> None:
        """A line whose first word is coloured."""
        word = printable(first)
        shown = f"\x1b[{_COLOURS[style]}m{word}\x1b[0m" if self._colour and style in _COLOURS else word
        self.write(f"{shown}{printable(rest, 500)}\n")

    @property
    def can_ask(self) -> bool:
        return sys.stdin.isatty()

    def confirm(self, question: str, verb: str) -> bool:
        """True only when the person types the verb: return, or anything else, means no."""
        self.write(f"{printable(question, 500)}\nType {verb} to go on, anything else to stop: ")
        return _read_line() == verb

    def ask(self, label: str) -> str:
        """One line of text; an empty one counts as no answer."""
        self.write(printable(label, 500))
        return _read_line()

    def choose(self, question: str, choices: Sequence[tuple[str, str]], default: str) -> str:
        """The answer chosen by number; return takes the default."""
        self.line(question)
        for number, (answer, label) in enumerate(choices, 1):
            self.line(f"  {number}  {label}{'   (return)' if answer == default else ''}")
        while True:
            self.write("> ")
            typed = _read_line()
            if not typed:
                return default
            if typed.isdecimal() and 1 <= int(typed) <= len(choices):
                return choices[int(typed) - 1][0]
            self.line(f"A number from 1 to {len(choices)}, please.")


def _read_line() -> str:
    """One line from the person; an end of input counts as an empty one, which is always the safe answer."""
    return sys.stdin.readline().strip()


def complain(text: str) -> None:
    """An error for people, on standard error."""
    sys.stderr.write(f"dockhygiene: {printable(text, 1000)}\n")
