"""Options of `dockhygiene get`."""

from __future__ import annotations

import argparse


def add(get: argparse.ArgumentParser) -> None:
    get.description = (
        "Prints the secret that a reference stands for, exactly and without a newline. On a terminal it asks before "
        "the secret is shown; where dockhygiene did not put the secret there itself, it asks once whether it may be "
        "read. Exits with 0, 1 when that was not agreed to, 2 when the reference is spelled wrong, 3 when the manager "
        "did not give the secret."
    )
    get.add_argument("reference", metavar="REFERENCE", help="dockhygiene://STORE/NAME#FIELD")
    get.add_argument("-n", "--newline", action="store_true", help="end it with a newline")
    get.add_argument("--yes", action="store_true", help="do not ask")
