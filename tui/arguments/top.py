"""The command line, as argparse sees it. Imports the options of the one command that is called."""

from __future__ import annotations

import argparse
import importlib
from functools import partial

from tui import __version__
from tui.arguments.late import LateParser

_EPILOG = "Without a command the app starts; without a terminal the plain scan is printed. Every change is shown first."

COMMANDS = {
    "scan": "look for exposed credentials and print them; changes nothing",
    "fix": "walk through the guide for one credential on a plain terminal; goes on where it was left",
    "cases": "list every case and where it stands",
    "report": "print what was done in a case, or the one-page cheat sheet",
    "monitor": "show how every case and credential stands; look again, once or by a daily timer",
    "rotate": "list credentials by age and expiry; replace one whose time has come",
    "move": "move plain-text logins into a credential store",
    "verify": "ask the registries whether they accept the logins that docker would take",
    "uses": "show which services and files will stop working when a credential ends",
    "undo": "take a move back, or the edits of a case",
    "guard": "stop the next leak: git hooks and CI set-ups that look before it leaves",
    "snippet": "print how a program reads a secret instead of holding it",
    "run": "start a command with its references resolved, in its environment only",
    "get": "print the one secret that a reference stands for",
    "doctor": "show which credential stores work here, and how to mend those that do not",
    "demo": "try everything on a throw-away workstation with planted leaks",
    "uninstall": "hand moved logins back and remove what dockhygiene installed",
}
"""Each with its one line; its options are in the module of its name beside this one, its code in tui/commands."""
_WITHOUT_OPTIONS = frozenset({"cases", "doctor"})


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dockhygiene",
        description="Finds exposed Docker credentials on this machine and walks you through making them safe.",
        epilog=_EPILOG,
    )
    top.add_argument("--version", action="version", version=f"dockhygiene {__version__}")
    commands = top.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", parser_class=LateParser, prog=top.prog
    )
    for name, line in COMMANDS.items():
        commands.add_parser(name, help=line, fill=partial(_fill, name))
    return top


def _fill(name: str, command: argparse.ArgumentParser) -> None:
    if name not in _WITHOUT_OPTIONS:
        importlib.import_module(f"tui.arguments.{name}").add(command)
