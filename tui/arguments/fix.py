"""Options of `dockhygiene fix`."""

from __future__ import annotations

import argparse


def add(fix: argparse.ArgumentParser) -> None:
    fix.description = (
        "Understand, save evidence, generate, update, test, revoke, monitor, close: one step after the other, each "
        "shown before it is done, and proven. Leaving at any time loses nothing."
    )
    fix.add_argument(
        "credential", nargs="?", metavar="CREDENTIAL", help="a credential, a case or a registry; else a list"
    )
    fix.add_argument("--print", action="store_true", help="print the whole guide for it, as Markdown, and stop")
