"""`dockhygiene guard`: which of its parts is meant. A hook runs at each commit, so only that part is imported."""

from __future__ import annotations

import argparse
import importlib

_PARTS = {"run": "guard_run", "ci": "guard_ci"}


def run(arguments: argparse.Namespace) -> int:
    part = _PARTS.get(arguments.action, "guard_hooks")
    return int(importlib.import_module(f"tui.commands.{part}").run(arguments))
