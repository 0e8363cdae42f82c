"""What stops a cleaning."""

from __future__ import annotations


class CleaningFailed(Exception):
    """It did not come to its end; the person's repository is as it was. `mend` says what to do next."""

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(f"{reason} ({mend})" if mend else reason)
        self.reason = reason
        self.mend = mend
