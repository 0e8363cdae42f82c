"""Options of `dockhygiene monitor`."""

from __future__ import annotations

import argparse


def add(monitor: argparse.ArgumentParser) -> None:
    monitor.description = (
        "Looks for copies of the secrets of every case in watch, and verifies the new one where that was agreed. "
        "Exits with 1 when something was found that must not be."
    )
    monitor.add_argument("--once", action="store_true", help="look once; there is no other way yet")
