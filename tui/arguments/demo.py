"""Options of `dockhygiene demo`."""

from __future__ import annotations

import argparse


def add(demo: argparse.ArgumentParser) -> None:
    demo.description = (
        "Builds a throw-away home with typical leaks and two registries on this machine, and runs dockhygiene there: "
        "the app, or the command that follows (`dockhygiene demo move --all`). Nothing of yours is touched."
    )
    demo.add_argument("arguments", nargs=argparse.REMAINDER, metavar="COMMAND ...", help="a dockhygiene command")
