"""Options of `dockhygiene rotate`."""

from __future__ import annotations

import argparse


def add(rotate: argparse.ArgumentParser) -> None:
    rotate.description = (
        "Without CREDENTIAL, lists the credentials in use with their age, expiry and policy; connects nowhere. With "
        "one, opens a case in which everything that the last one learned is filled in, and walks through it. Exits "
        "with 0 when nothing is due or the old one is dead, 1 when something is due or remains, 2 when there is no "
        "such credential, 3 when its value is not at hand."
    )
    rotate.add_argument("credential", nargs="?", metavar="CREDENTIAL", help="its id, its case's id, or its registry")
    how = rotate.add_mutually_exclusive_group()
    how.add_argument(
        "--at-once",
        action="store_true",
        help="one confirmation for generate, update, test and revoke, where the provider's API allows it",
    )
    how.add_argument("--step-by-step", action="store_true", help="the guide, also where all could be done at once")
    how.add_argument("--print", action="store_true", help="print the whole guide of the rotation as Markdown")
