"""`dockhygiene guard`: which of its parts is meant. A hook runs at each commit, so only that part is imported."""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.session import Session

_PARTS = {"run": "guard_run", "ci": "guard_ci"}


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    """The demo brings a session: hooks for all repositories then go to its own home."""
    part = _PARTS.get(arguments.action)
    if part:
        return int(importlib.import_module(f"tui.commands.{part}").run(arguments))
    return int(importlib.import_module("tui.commands.guard_hooks").run(arguments, session))
