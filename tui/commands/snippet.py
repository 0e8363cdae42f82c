"""`dockhygiene snippet`: how code should read a secret."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from checks.formats.display import printable
from guides.edits.atomic import NotWritten
from guides.snippets.catalog import NoSuchSnippet, find, language, snippets
from guides.snippets.names import NameNotUsable, Names, names_of
from guides.snippets.template import Source, Template
from guides.snippets.writing import write
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.session import Session


class _NotFound(Exception):
    """No finding has the id."""


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    try:
        if arguments.list:
            return _list(arguments)
        if not arguments.language or not arguments.source:
            complain("say LANGUAGE and SOURCE: dockhygiene snippet python vault; --list shows what there is")
            return ExitCode.USAGE
        chosen = find(language(arguments.language), _source(arguments.source), plain=arguments.plain)
        text = chosen.render(_names(arguments, chosen.source, session))
    except (NoSuchSnippet, NameNotUsable, _NotFound) as error:
        complain(str(error))
        return ExitCode.USAGE
    if arguments.output:
        try:
            write(Path.cwd() / arguments.output, text)
        except NotWritten as error:
            complain(str(error))
            return ExitCode.INCOMPLETE
    else:
        Terminal().write(text)
    _about(chosen, Terminal(sys.stderr))  # so that the snippet alone can go into a file
    return ExitCode.OK


def _source(name: str) -> Source:
    if name not in list(Source):
        raise NoSuchSnippet(f"a secret comes from {', '.join(Source)}")
    return Source(name)


def _list(arguments: argparse.Namespace) -> int:
    source = _source(arguments.source) if arguments.source else None
    found = snippets(language(arguments.language) if arguments.language else None, source)
    terminal = Terminal()
    for one in found:
        terminal.line(f"{one.language.id:<16} {one.source:<7} {one.flavour:<8} {one.label:<15} {one.uses}")
    return ExitCode.OK


def _about(chosen: Template, terminal: Terminal) -> None:
    terminal.line()
    terminal.line(f"{chosen.title}; {chosen.proof}.")
    if chosen.remark:
        terminal.line(chosen.remark)


def _names(arguments: argparse.Namespace, source: Source, session: Session | None) -> Names:
    names = _names_of_finding(arguments.finding, session) if arguments.finding else Names()
    path, field = arguments.path, arguments.field
    if path is not None and source is not Source.AWS:
        path = path.strip("/")
    if path is not None and field is None and source is Source.CONJUR:
        field = ""  # a variable holds one value, so that the path alone can name it
    given: Mapping[str, str | None] = {"variable": arguments.name, "path": path, "field": field}
    return replace(names, **{what: text for what, text in given.items() if text is not None})


def _names_of_finding(wanted: str, session: Session | None) -> Names:
    """Looks for it as a scan does. Raises _NotFound."""
    from checks.catalog import CHECKS
    from checks.files.state import StateError
    from checks.ignore.ignore_file import IgnoreFileError
    from checks.ignore.ignores import Ignores
    from tui.reports.gathered import gather
    from tui.session import open_session

    try:
        workstation = (session or open_session()).workstation
        found = gather(workstation, CHECKS, (), ignores=Ignores(workstation))
    except (StateError, IgnoreFileError) as error:
        raise _NotFound(str(error)) from error
    for credential in found.credentials:
        if wanted == credential.id:
            return names_of(credential.findings)
    for finding in found.told:
        if wanted == finding.id(workstation.key):
            return names_of((finding,))
    raise _NotFound(
        f"no finding of the known places is called {printable(wanted)}; dockhygiene scan --format json has the ids"
    )
