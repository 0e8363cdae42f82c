"""Asks for what opens a manager, on the terminal itself: standard input and output belong to somebody else."""

from __future__ import annotations

import os

from checks.formats.display import printable
from checks.model.secret import Secret

TERMINAL = "/dev/tty"


def ask_on_terminal(question: str) -> Secret | None:
    """None where there is no terminal, or nothing was typed."""
    try:
        os.close(os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
    except OSError:
        return None  # getpass would read standard input instead
    import getpass

    return Secret(getpass.getpass(f"{printable(question, 200)} (not shown): ")) or None
