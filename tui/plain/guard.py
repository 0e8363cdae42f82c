"""What stops a commit or a push, in few lines: who reads them is in a hurry, and wants to know the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.formats.display import printable
from checks.git.change import BEFORE
from checks.model.finding import Confidence, Finding, Skipped
from tui.plain.terminal import Terminal

_MOST = 20
"""Findings, or places, that are listed; the rest is counted."""
_NAMES = 120
"""Characters of a file's name."""


def show(
    terminal: Terminal,
    findings: Sequence[Finding],
    blocking: Sequence[Finding],
    skipped: Sequence[Skipped] = (),
    notes: Sequence[str] = (),
    command: str = "",
) -> None:
    """`command` is the git command that is stopped; none for a range of commits."""
    for note in notes:
        terminal.line(note)
    if skipped:
        _list(terminal, "Not looked at:", [f"{_name(one.path)}: {one.reason}{_files(one)}" for one in skipped])
    old = [one for one in findings if one.ignored == BEFORE and one.confidence > Confidence.POSSIBLE]
    if old:
        _list(terminal, f"{_counted(old)} stood there before and {_is(old)} not new:", [_told(one) for one in old])
    if blocking:
        what = f"this {command} is stopped: it brings" if command else "these commits bring"
        terminal.line(f"dockhygiene: {what} {_counted(blocking)}.")
        for one in blocking[:_MOST]:
            label = one.severity.label
            terminal.row(label, f"  {label:<9}", _told(one))
        if len(blocking) > _MOST:
            terminal.line(f"  and {len(blocking) - _MOST:,} more")
        for line in _way_out(blocking, command):
            terminal.line(line)
    elif not command:
        terminal.line("dockhygiene: nothing new is exposed.")


def _way_out(blocking: Sequence[Finding], command: str) -> Iterator[str]:
    first = blocking[0]
    if any(one.secret for one in blocking):
        yield "Take it out, and read it from the environment or a store: `dockhygiene fix` walks you through."
        if command == "push":
            yield "It has to leave the commit, too: git commit --amend, or git rebase -i for an older one."
    else:
        yield first.advice or "Mend it, and try again."
    yield (
        f"If it may stay: write `dockhygiene: ignore {first.rule}` into its line, or an entry with a reason into "
        ".dockhygiene.yaml."
    )
    if command:
        yield f"To go on once without looking: git {command} --no-verify"


def _list(terminal: Terminal, head: str, lines: Sequence[str]) -> None:
    terminal.line(f"dockhygiene: {head}")
    for line in lines[:_MOST]:
        terminal.line(f"  {line}")
    if len(lines) > _MOST:
        terminal.line(f"  and {len(lines) - _MOST:,} more")


def _told(finding: Finding) -> str:
    place = finding.place
    line = f":{place.line}" if place.line else ""
    commit = f" in {place.commit[:10]}" if place.commit and not place.field else ""
    masked = f"  {finding.secret.masked}" if finding.secret else ""
    return f"{_name(place.path)}{line}{commit}{masked}  {finding.title}  [{finding.rule}]"


def _name(path: str) -> str:
    return printable(path, _NAMES)


def _files(skipped: Skipped) -> str:
    return f" ({skipped.files:,})" if skipped.files else ""


def _counted(findings: Sequence[Finding]) -> str:
    noun = "secret" if all(one.secret for one in findings) else "finding"
    return f"1 {noun}" if len(findings) == 1 else f"{len(findings):,} {noun}s"


def _is(findings: Sequence[Finding]) -> str:
    return "is" if len(findings) == 1 else "are"
