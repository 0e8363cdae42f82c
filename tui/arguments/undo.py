"""Options of `dockhygiene undo`."""

from __future__ import annotations

import argparse


def add(undo: argparse.ArgumentParser) -> None:
    undo.description = (
        "Takes a move back, or the edits of a case: files are rebuilt from the store. Refuses when one of them changed."
    )
    undo.add_argument(
        "move", nargs="?", metavar="MOVE", help="id of a move or a case, or `last`; without it, lists the moves"
    )
    undo.add_argument("--yes", action="store_true", help="do not ask for the confirmation")
