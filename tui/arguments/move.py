"""Options of `dockhygiene move`."""

from __future__ import annotations

import argparse


def add(move: argparse.ArgumentParser) -> None:
    move.description = (
        "Moves plain-text logins into a credential store: stored, read back, the file rewritten, and proven. "
        "Asks before anything changes. Exits with 0 when no plain-text login remains, 1 when some do, 3 on failure."
    )
    move.add_argument("registries", nargs="*", metavar="REGISTRY", help="move these registries only")
    move.add_argument("--all", action="store_true", help="everything that is safe, without questions about the rest")
    move.add_argument("--to", metavar="STORE", help="the store: a name that `dockhygiene doctor` shows")
    move.add_argument("--dry-run", action="store_true", help="show what would change, without secrets, and stop")
    move.add_argument("--yes", action="store_true", help="do not ask for the confirmation; what needs a choice is left")
