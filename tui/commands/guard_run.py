"""`dockhygiene guard run`: what the hooks call. Looks at what a commit or a push brings, and stops it for a secret.

Every hook waits for this, so what is imported here is little, and the rest when something asks for it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from checks import source_text
from checks.by_name import checks_for
from checks.failure import error_text
from checks.git.change import Change, Seen, with_commits
from checks.git.here import Here, repository_here
from checks.git.items import Item
from checks.git.runner import GitError
from checks.git.staged import staged
from checks.model.check import Check
from checks.model.finding import Finding, Place, PlaceKind, Severity, Skipped
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from checks.trees.contents import Contents
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain

if TYPE_CHECKING:
    from checks.git.arrivals import Arrival, Span

_LONGEST_INPUT = 16 * 1024 * 1024
"""Bytes of what git says about a push: a hundred thousand references."""


def run(arguments: argparse.Namespace) -> int:
    try:
        workstation = _workstation(arguments)
        here = repository_here(workstation.environment, Path.cwd())
        seen = _look(arguments, workstation, here)
        code = ExitCode.FINDINGS if seen.blocking(Severity[arguments.fail_on.upper()]) else ExitCode.OK
        delivered = _deliver(seen, arguments, replace(workstation, named=(here.top,)))
    except GitError as error:
        return _stopped(str(error), arguments)
    except Exception as error:  # noqa: BLE001  an error of ours must stop the commit, and say how to go on without us
        from checks.ignore.ignore_file import IgnoreFileError

        return _stopped(str(error) if isinstance(error, IgnoreFileError) else error_text(error), arguments)
    if seen.failures:
        what = ", ".join(f"the check {name} failed ({reason})" for name, reason in seen.failures.items())
        return _stopped(f"{what}; the others ran. Please report this", arguments)
    return code if delivered else ExitCode.INCOMPLETE


def _stopped(why: str, arguments: argparse.Namespace) -> int:
    complain(why)
    command = _command(arguments)
    if command:
        complain(f"nothing is known about this {command}, so it is stopped; git {command} --no-verify goes on once")
    return ExitCode.INCOMPLETE


def _command(arguments: argparse.Namespace) -> str:
    """The git command that the hook belongs to; none for a range."""
    return "" if arguments.range is not None else "commit" if arguments.staged else "push"


def _workstation(arguments: argparse.Namespace) -> Workstation:
    """With the state folder's key only for reports, whose ids shall stay the same; a hook writes nothing."""
    if arguments.format != "text":
        from checks.files.state import StateError
        from tui.session import open_session

        try:
            return open_session().workstation
        except StateError as error:
            complain(f"{error}; the ids in this report will be others next time")
    environment = dict(os.environ)
    home = Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111  never fails
    return Workstation(home, environment, FingerprintKey(os.urandom(32)))


def _look(arguments: argparse.Namespace, workstation: Workstation, here: Here) -> Seen:
    if arguments.staged:
        items = staged(here.git, meanwhile=source_text.prepare)
        return _judged(items, workstation, here, None)
    from checks.git.pushed import brought

    span = _span(arguments, here)
    if span is None:
        return Seen()
    found = brought(here.git, span)
    seen = _judged(found.items, workstation, here, span)
    seen.skipped += found.skipped
    return seen


def _span(arguments: argparse.Namespace, here: Here) -> Span | None:
    from checks.git.pushed import framework_span, pushed_span, range_span

    if arguments.range is not None:
        return range_span(here.git, arguments.range)
    lines = sys.stdin.buffer.read(_LONGEST_INPUT + 1)
    if len(lines) > _LONGEST_INPUT:
        raise GitError("the push has more references than can be read")
    if not lines.strip():
        return framework_span(here.git, os.environ)
    named: list[str] = arguments.pre_push
    remote, url, *_ = (*named, "", "")
    return pushed_span(here.git, lines, remote, url)


def _judged(items: Sequence[Item], workstation: Workstation, here: Here, span: Span | None) -> Seen:
    """Looks at the items; what was there before, and what the person ignores, is told as ignored."""
    seen = Seen(items=len(items))
    if not items:
        return seen
    looker = _Looker(workstation)
    change = Change(here.git, str(here.top), looker.look, workstation.limits.text_bytes)
    for one in change.observations(items):
        if isinstance(one, Finding):
            seen.findings.append(one)
        else:
            seen.skipped.append(one)
    if seen.findings:
        before = {(item.path, item.id): item.before for item in items}
        if span:
            from checks.git.arrivals import arrivals

            files = {one.place.blob for one in seen.findings if one.place.blob and not one.place.field}
            came: dict[str, list[Arrival]] = {blob: [] for blob in files}
            for arrival in arrivals(here.git, tuple(files), span):
                came[arrival.blob].append(arrival)
            seen.findings = with_commits(seen.findings, came)
            before = {(path, blob): _before(came[blob]) for path, blob in before if blob in came}
        seen.findings = change.without_old(seen.findings, before)
        _ignore(seen, workstation, here.top)
    seen.failures = looker.failures
    return seen


def _before(came: Sequence[Arrival]) -> tuple[str, ...]:
    """What stood in all places where this blob came to stand; nothing where one of them was empty."""
    olds = tuple(one.before for one in came)
    return olds if all(olds) else ()


def _ignore(seen: Seen, workstation: Workstation, top: Path) -> None:
    """By the ignore files of the work tree. They name files; a finding in git's objects is shown to them as one."""
    from checks.ignore.ignores import Ignores

    ignores = Ignores(workstation, [top])
    for number, one in enumerate(seen.findings):
        if not one.ignored:
            path = one.place.path if one.place.field else f"{top}/{one.place.path}"
            place = Place(path, PlaceKind.GIT if one.place.field else PlaceKind.FILE)
            reason = ignores.judge(replace(one, place=place)).ignored
            seen.findings[number] = replace(one, ignored=reason)
    seen.notes = tuple(map(str, ignores.problems()))


class _Looker:
    """The checks on contents; those that a file's name asks for are imported then."""

    def __init__(self, workstation: Workstation) -> None:
        self._workstation = workstation
        self._by_checks: dict[tuple[Check, ...], Contents] = {}

    def look(self, path: str, data: bytes) -> Iterator[Finding | Skipped]:
        checks = checks_for(path)
        if checks not in self._by_checks:
            self._by_checks[checks] = Contents(self._workstation, checks)
        return self._by_checks[checks].look(path, data)

    @property
    def failures(self) -> dict[str, str]:
        return {name: why for one in self._by_checks.values() for name, why in one.failures.items()}


def _deliver(seen: Seen, arguments: argparse.Namespace, workstation: Workstation) -> bool:
    """Prints or writes the report; False where it could not be written."""
    blocking = seen.blocking(Severity[arguments.fail_on.upper()])
    text = StringIO()
    if arguments.format == "text":
        from tui.plain.guard import show

        terminal = Terminal() if not arguments.output else Terminal(text)
        show(terminal, seen.findings, blocking, seen.skipped, seen.notes, _command(arguments))
        if not arguments.output:
            return True
    else:
        from tui.reports.change import render

        text.write(render(seen, arguments.format, workstation))
    from tui.reports.written import deliver

    return deliver(text.getvalue(), arguments.output)
