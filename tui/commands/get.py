"""`dockhygiene get`: the one secret that a reference stands for."""

from __future__ import annotations

import argparse
import os
import sys

from checks.files.state import StateError
from checks.formats.display import printable
from checks.model.secret import Secret
from guides.references.resolving import OURS, Resolver, Unresolved, read_reference
from guides.stores.managers.reference import Reference
from tui.exit_codes import ExitCode
from tui.plain.master_password import ask_on_terminal
from tui.plain.terminal import Terminal, complain


def run(arguments: argparse.Namespace) -> int:
    resolver = Resolver(dict(os.environ), ask_on_terminal)
    try:
        reference = read_reference(arguments.reference)
        if not arguments.yes and not _agreed(reference, resolver):
            return ExitCode.FINDINGS
        secret = resolver.value(reference)
    except Unresolved as error:
        complain(error.reason + (f". Next: {error.mend}" if error.mend else ""))
        return ExitCode.USAGE if error.wrong else ExitCode.INCOMPLETE
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE
    if sys.stdout.isatty():
        _show(secret)
    else:
        _print(secret, newline=arguments.newline)
    return ExitCode.OK


def _agreed(reference: Reference, resolver: Resolver) -> bool:
    """Asks on standard error, which is no part of what is printed. Raises Unresolved, StateError."""
    shown = sys.stdout.isatty()
    if reference.store in OURS and not shown:
        return True
    from guides.references.known import is_known, remember
    from tui.session import open_session  # a shell that starts waits for this command

    state = open_session().state
    known = is_known(state, reference)
    if known and not shown:
        return True
    terminal = Terminal(sys.stderr)
    if not known:
        terminal.line("dockhygiene did not put this secret there: it may be another program's.")
        terminal.line(f"It is {resolver.where(reference)}")
    if not terminal.can_ask:
        complain("nobody can be asked here: say it once on a terminal, or with --yes")
        return False
    hosts = " and ".join(resolver.destinations(reference))
    asked = f", asked of {hosts}" if hosts else ""
    where = "shown on this terminal, where it stays until it is cleared" if shown else "printed"
    if not terminal.confirm(f"The secret of {reference}{asked} is {where}.", "show" if shown else "read"):
        complain("not agreed to")
        return False
    if not known:
        remember(state, reference)
    return True


def _show(secret: Secret) -> None:
    """What would move the cursor is written as `\\x..`: only a pipe gets the exact value."""
    value = secret.reveal()
    shown = printable(value, len(value) * 8)
    sys.stdout.write(f"{shown}\n")
    if shown != value:
        complain("characters that cannot be seen are written as \\x..; a pipe gets them as they are")


def _print(secret: Secret, *, newline: bool) -> None:
    data = secret.reveal().encode("utf-8", "surrogateescape") + (b"\n" if newline else b"")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
