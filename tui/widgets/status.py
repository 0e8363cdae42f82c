"""The two lines on top: who and what is being looked at, then the totals."""

from __future__ import annotations

import time
from collections import Counter

from rich.text import Text
from textual.widgets import Static

from checks.scan import CheckFinished, Progress
from guides.wording import counted


class Status(Static):
    """Fed with the scan's events. It shows names of checks and numbers, and the name of the workstation."""

    DEFAULT_CSS = """
    Status { height: 2; padding: 0 1; }
    """

    def __init__(self, workstation: str, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id, markup=False)
        self.workstation = workstation
        self.totals = ""
        self.begin(())

    def begin(self, checks: tuple[str, ...]) -> None:
        self._at_work = dict.fromkeys(checks, 0)
        self._looked: Counter[str] = Counter()
        self._failed: list[str] = []
        self._started = time.monotonic()
        self._ended = ""
        self.repaint()

    def take(self, event: Progress | CheckFinished) -> None:
        self._looked[event.check] = event.items
        if isinstance(event, CheckFinished):
            self._at_work.pop(event.check, None)
            if event.failure:
                self._failed.append(event.check)
        elif event.check in self._at_work:
            del self._at_work[event.check]
            self._at_work[event.check] = event.items  # the busiest are shown: those told of last

    def end(self, seconds: float, stopped: bool) -> None:
        self._at_work.clear()
        looked = counted(sum(self._looked.values()), "file")
        self._ended = f"stopped after {looked}: r looks again" if stopped else f"looked at {looked} in {seconds:.1f} s"
        self.repaint()

    @property
    def scanning(self) -> bool:
        return not self._ended

    @property
    def said(self) -> str:
        """What the scan is at, in words."""
        failed = f"failed: {', '.join(self._failed)} (n)   " if self._failed else ""
        if self._ended:
            return failed + self._ended
        running = ", ".join(f"{check} {items or ''}".rstrip() for check, items in list(self._at_work.items())[:-3:-1])
        more = f" and {len(self._at_work) - 2} more" if len(self._at_work) > 2 else ""
        return f"{failed}looking: {running}{more}   esc stops"

    def repaint(self) -> None:
        width = max(self.size.width - 2, 40) if self.is_attached else 78
        left = Text.assemble(("dockhygiene", "bold"), f"  {self.workstation}")
        left.truncate(max(width - len(self.said) - 2, 12), overflow="ellipsis")
        first = left + Text(self.said.rjust(width - left.cell_len))
        first.truncate(width, overflow="ellipsis")
        second = Text(self.totals, "bold")
        second.truncate(width, overflow="ellipsis")
        self.update(Text("\n").join((first, second)))

    def on_resize(self) -> None:
        self.repaint()
