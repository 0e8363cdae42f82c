"""Options of `dockhygiene uninstall`."""

from __future__ import annotations

import argparse


def add(uninstall: argparse.ArgumentParser) -> None:
    uninstall.description = (
        "Hands every login that dockhygiene's own helper holds to another store (or, typed, back to the file), then "
        "removes the helper, the journal and the key. Logins in other stores stay where they are and keep working."
    )
    uninstall.add_argument("--yes", action="store_true", help="do not ask, as long as another store can take over")
