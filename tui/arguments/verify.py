"""Options of `dockhygiene verify`."""

from __future__ import annotations

import argparse


def add(verify: argparse.ArgumentParser) -> None:
    verify.description = (
        "Sends the login that docker would take to its registry, once, and says whether it is accepted. Names the "
        "hosts that will see the secret, and asks first. Exits with 0 when it is accepted, 1 when it is refused, and 3 "
        "when that is not known; of several, the highest."
    )
    verify.add_argument("registry", nargs="?", metavar="REGISTRY", help="this one only; without it, every registry")
    verify.add_argument("--yes", action="store_true", help="do not ask; token services that are not known are left out")
