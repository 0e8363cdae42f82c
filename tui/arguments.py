"""The command line, as argparse sees it. Imports nothing else: --help and --version must be instant."""

from __future__ import annotations

import argparse

from tui import __version__

LEVELS = ("critical", "high", "medium", "low")

_EPILOG = "Without a command the app starts; without a terminal the plain scan is printed. Every change is shown first."


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dockhygiene",
        description="Finds exposed Docker credentials on this machine and walks you through making them safe.",
        epilog=_EPILOG,
    )
    top.add_argument("--version", action="version", version=f"dockhygiene {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _scan(commands.add_parser("scan", help="look for exposed credentials and print them; changes nothing"))
    _move(commands.add_parser("move", help="move plain-text logins into a credential store"))
    _undo(commands.add_parser("undo", help="take a move back"))
    commands.add_parser("doctor", help="show which credential stores work here, and how to mend those that do not")
    _demo(commands.add_parser("demo", help="try everything on a throw-away workstation with planted leaks"))
    _uninstall(commands.add_parser("uninstall", help="hand moved logins back and remove what dockhygiene installed"))
    return top


def _scan(scan: argparse.ArgumentParser) -> None:
    scan.description = (
        "Looks at the places where this workstation keeps registry credentials, or at everything below the PATHs. "
        "Exits with 0 when nothing at or above --fail-on was found, 1 when something was, 2 for wrong usage, "
        "3 when a PATH could not be read or the scan not be completed."
    )
    scan.add_argument("paths", nargs="*", metavar="PATH", help="scan exactly these files and trees instead")
    scan.add_argument("--only", metavar="CHECK[,CHECK]", help="run these checks only")
    scan.add_argument("--skip", metavar="CHECK[,CHECK]", help="do not run these checks")
    scan.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="for people or for programs")
    scan.add_argument("--output", metavar="FILE", help="write the report there, with mode 0600, instead of printing it")
    scan.add_argument("--fail-on", choices=LEVELS, default="low", help="least severity that makes the exit code 1")
    scan.add_argument("--full", action="store_true", help="no time limit, and caches and other people's code too")
    scan.add_argument(
        "--budget",
        type=_seconds,
        metavar="SECONDS",
        default=60.0,
        help="without PATH: how long the work trees below the home folder are read (60)",
    )
    scan.add_argument("--max-size", type=_megabytes, metavar="MB", default=48, help="do not read larger files (48)")
    scan.add_argument("--jobs", type=_count, metavar="N", help="processes that read (one for each core)")
    scan.add_argument("--no-cache", action="store_true", help="read unchanged files again, and remember nothing")
    scan.add_argument(
        "--baseline", metavar="FILE", help="tell only what is not in FILE; where it is missing, it is written"
    )
    scan.add_argument("--possible", action="store_true", help="list also what is only possible")
    scan.add_argument("--skipped", action="store_true", help="list every place that was not looked at, with the reason")


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1e9:
        raise argparse.ArgumentTypeError("a number of seconds")
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("a number from 1 to 256")
    return number


def _megabytes(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 2000:
        raise argparse.ArgumentTypeError("a number of megabytes from 1 to 2000")
    return number


def _move(move: argparse.ArgumentParser) -> None:
    move.description = (
        "Moves plain-text logins into a credential store: stored, read back, the file rewritten, and proven. "
        "Asks before anything changes. Exits with 0 when no plain-text login remains, 1 when some do, 3 on failure."
    )
    move.add_argument("registries", nargs="*", metavar="REGISTRY", help="move these registries only")
    move.add_argument("--all", action="store_true", help="everything that is safe, without questions about the rest")
    move.add_argument("--to", metavar="STORE", help="the store: a name that `dockhygiene doctor` shows")
    move.add_argument("--dry-run", action="store_true", help="show what would change, without secrets, and stop")
    move.add_argument("--yes", action="store_true", help="do not ask for the confirmation; what needs a choice is left")


def _undo(undo: argparse.ArgumentParser) -> None:
    undo.description = (
        "Takes a move back: the file is rebuilt from the store. Refuses when file or store changed since."
    )
    undo.add_argument("move", nargs="?", metavar="MOVE", help="id of the move, or `last`; without it, lists the moves")
    undo.add_argument("--yes", action="store_true", help="do not ask for the confirmation")


def _demo(demo: argparse.ArgumentParser) -> None:
    demo.description = (
        "Builds a throw-away home with typical leaks and two registries on this machine, and runs dockhygiene there: "
        "the app, or the command that follows (`dockhygiene demo move --all`). Nothing of yours is touched."
    )
    demo.add_argument("arguments", nargs=argparse.REMAINDER, metavar="COMMAND ...", help="a dockhygiene command")


def _uninstall(uninstall: argparse.ArgumentParser) -> None:
    uninstall.description = (
        "Hands every login that dockhygiene's own helper holds to another store (or, typed, back to the file), then "
        "removes the helper, the journal and the key. Logins in other stores stay where they are and keep working."
    )
    uninstall.add_argument("--yes", action="store_true", help="do not ask, as long as another store can take over")
