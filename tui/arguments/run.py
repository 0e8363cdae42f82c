"""Options of `dockhygiene run`."""

from __future__ import annotations

import argparse


def add(run: argparse.ArgumentParser) -> None:
    run.usage = "dockhygiene run [-h] [--env-file FILE ...] [--verbose] -- COMMAND [ARGUMENT ...]"
    run.description = (
        "Starts COMMAND with every reference (dockhygiene://STORE/NAME#FIELD) in the FILEs and in the environment "
        "replaced by its secret, in that command's environment only. A variable that is set already stands before a "
        "FILE's, a later FILE before an earlier one. Becomes COMMAND: exit code, signals and terminal are its own. "
        "Where a reference cannot be resolved nothing is started: exits with 2 when it is spelled wrong, 3 when its "
        "manager did not give the secret or a FILE could not be read; 127 and 126 when COMMAND is not there or "
        "cannot be run."
    )
    run.add_argument("--env-file", action="append", default=[], metavar="FILE", help="read it as docker compose does")
    run.add_argument(
        "--verbose", action="store_true", help="name each reference and the hosts asked, on standard error"
    )
    run.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND", help="what to start, with its arguments")
