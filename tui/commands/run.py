"""`dockhygiene run`: a command whose references are resolved, for it alone."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from checks.formats.display import printable
from guides.references.environment import Problem, prepare
from guides.references.resolving import Resolver
from guides.references.starting import NotStarted, become
from guides.stores.managers.reference import Reference
from tui.exit_codes import ExitCode
from tui.plain.master_password import ask_on_terminal
from tui.plain.terminal import complain


def run(arguments: argparse.Namespace) -> int:
    command = arguments.words[1:] if arguments.words[:1] == ["--"] else arguments.words
    if not command:
        complain("say which command to start: dockhygiene run --env-file .env -- docker compose up")
        return ExitCode.USAGE
    environ = dict(os.environ)
    resolver = Resolver(environ, ask_on_terminal)

    def told(name: str, reference: Reference) -> None:
        if arguments.verbose:
            hosts = " and ".join(resolver.destinations(reference))
            _say(f"{name}: {reference}" + (f", asked of {hosts}" if hosts else ", on this machine"))

    prepared = prepare(environ, [Path(name) for name in arguments.env_file], resolver, told)
    for name in dict.fromkeys(prepared.shadowed):
        _say(f"{name} is set already: its reference in the file is not used")
    if prepared.problems:
        return _stopped(command[0], prepared.problems)
    try:
        return become(command, prepared.environ)
    except NotStarted as error:
        complain(f"{printable(command[0], 200)} was not started: {error}")
        return error.code


def _stopped(command: str, problems: list[Problem]) -> int:
    for one in problems:
        mend = f". Next: {one.mend}" if one.mend else ""
        complain(f"{one.where}: {one.reason}{mend}")
    complain(f"{printable(command, 200)} was not started")
    return ExitCode.USAGE if all(one.wrong for one in problems) else ExitCode.INCOMPLETE


def _say(text: str) -> None:
    sys.stderr.write(f"dockhygiene: {printable(text, 2500)}\n")
