"""Options of `dockhygiene monitor`."""

from __future__ import annotations

import argparse


def add(monitor: argparse.ArgumentParser) -> None:
    monitor.description = (
        "Shows how every case and credential stands, from what is written down: nothing is read or asked. With --once "
        "it looks again: for copies, for logins that went past the store, for expiry and age; a new credential is "
        "verified once a day at most, at approved hosts. Exits with 0 when all is well, 1 when something must not be "
        "or is due, 3 when something could not be looked at."
    )
    what = monitor.add_mutually_exclusive_group()
    what.add_argument("--once", action="store_true", help="look once at everything")
    what.add_argument("--install", action="store_true", help="install a timer of your session that looks once a day")
    what.add_argument("--uninstall", action="store_true", help="remove that timer")
    monitor.add_argument("--full", action="store_true", help="look at everything, and not at the known places only")
    where = monitor.add_mutually_exclusive_group()
    where.add_argument(
        "--host",
        action="append",
        metavar="HOST",
        help="contact this host and no others (may be repeated); with --install, what the timer may contact",
    )
    where.add_argument("--offline", action="store_true", help="contact nobody")
    monitor.add_argument("--notify", action="store_true", help="show a notification where something is wrong or due")
    monitor.add_argument("--dry-run", action="store_true", help="show what would be installed or removed, and stop")
    monitor.add_argument("--yes", action="store_true", help="do not ask for the confirmation")
