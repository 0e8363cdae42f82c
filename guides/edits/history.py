"""Takes the entries that hold an old secret out of a history: whole entries, all of them, and nothing else.

What an entry is, the readers of checks.formats.shell_history know. A time stamp goes with its command, and so do the
`when:` and `paths:` of fish. Shells that are open write their own lines back when they end: `guides.edits.shells`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks import shell_history
from checks.detect.assignments import looks_random
from checks.detect.command_logins import command_secrets
from checks.formats.shell_history import LONGEST_ENTRY, HistoryFormat, entries_at, format_of, history_text
from checks.formats.traced_text import Traced
from checks.model.secret import Secret
from guides.edits.edit import ValueEdit, Way
from guides.edits.json_text import Splice
from guides.edits.places import LineTable
from guides.edits.planning import NotPlanned, Opened, Request, changed, finished
from guides.edits.readings import Reading, Readings, readings
from guides.edits.spelling import spellings

_OTHERS = frozenset(
    {".python_history", ".node_repl_history", ".psql_history", ".mysql_history", ".mariadb_history", ".sqlite_history",
     ".rediscli_history", ".mongosh_repl_history", ".dbshell", ".irb_history", ".pry_history", ".ipython_history",
     ".duckdb_history", ".php_history", ".julia_history", ".scala_history", ".lesshst", ".wget-hsts"}
)  # fmt: skip
"""Histories of other programs: an entry is a line."""
_STAMP = re.compile(r"#\+?[0-9]{9,11}\r?")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_MOST_LINES = 12
"""Lines between two stamps that are believed to be one command: bash without HISTTIMEFORMAT writes no stamps."""
_MOST_ROUNDS = 200
_WRITTEN_BACK = (
    "Shells that are open write their own lines back when they end: close them first, or type `unset HISTFILE` in them "
    "(fish: `history delete`); then look again."
)


@dataclass(frozen=True, slots=True)
class _Entry:
    first: int
    last: int
    """Lines, from 1, the stamp included."""
    command: str


def is_history(path: Path) -> bool:
    return shell_history.claims(path) or path.name in _OTHERS


def plan(request: Request, held: Opened) -> ValueEdit:
    """Raises NotPlanned."""
    if request.way is not Way.NOTHING:
        raise NotPlanned("a history tells what was typed", "Take the entry out instead.")
    with readings(request.workstation, request.check, request.path) as reads:
        before = reads.of(held.data)
        lines = LineTable(held.file.written)
        entries = list(_holding(request, held))
        entries, after = _until_gone(request, held, reads, lines, entries)
        if not entries:
            raise NotPlanned("the old value is not found there any more", "Nothing: look again.")
        if reason := _difference(before, after, request.old, entries):
            raise NotPlanned(reason)
        count = "1 entry is" if len(entries) == 1 else f"{len(entries)} entries are"
        notes = (f"{count} taken out.", _WRITTEN_BACK if shell_history.claims(request.path) else "")
        return finished(request, held, _splices(entries, lines, held), before, after, notes)


def _holding(request: Request, held: Opened) -> Iterator[_Entry]:
    """Entries in which the value stands. What could be an ordinary word has to be used as a secret there."""
    history, text = _readable(request.path, held)
    ordinary = not (request.old.form or looks_random(request.old.reveal()))
    for entry in _entries(request.path, text, history, _offsets(text, request.old)):
        fish = history is HistoryFormat.FISH
        if not ordinary or any(one.secret == request.old for one in command_secrets(entry.command, fish=fish)):
            yield entry


def _readable(path: Path, held: Opened) -> tuple[HistoryFormat, str]:
    """The text as the check reads it, with the file's own line numbers: a lone return ends none."""
    data = _LONE_RETURN.sub(b" ", held.data)
    history = format_of(path.name, data)
    return history, history_text(data, history)


def _offsets(text: str, secret: Secret) -> list[int]:
    return sorted({one.start for one in spellings(text, secret, 0, len(text))})


def _entries(path: Path, text: str, history: HistoryFormat, offsets: Sequence[int]) -> Iterator[_Entry]:
    starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def line_of(offset: int) -> int:
        return bisect_right(starts, offset)

    if path.name in _OTHERS:
        for line in dict.fromkeys(map(line_of, offsets)):
            yield _Entry(line, line, _line(text, starts, line))
        return
    found = sorted({_opening(text, history, offset) for offset in offsets})
    for entry in _read(text, history, found):
        first, last = line_of(entry.start), line_of(max(entry.end - 1, entry.start))
        if history is HistoryFormat.FISH:
            while last < len(starts) and _line(text, starts, last + 1).startswith("  "):
                last += 1
        elif history is HistoryFormat.PLAIN:
            while path.name.endswith("ConsoleHost_history.txt") and _line(text, starts, last).endswith("`"):
                last += 1
            if first > 1 and _STAMP.fullmatch(_line(text, starts, first - 1)):
                first -= 1
        yield _Entry(first, last, entry.text)


def _opening(text: str, history: HistoryFormat, offset: int) -> int:
    """Where the here-document began in which this offset lies, or the offset itself."""
    if history is not HistoryFormat.PLAIN:
        return offset
    mark = text.rfind("<<", max(offset - LONGEST_ENTRY, 0), offset)
    entry = next(iter(entries_at(text, history, [mark])), None) if mark >= 0 else None
    return mark if entry and entry.end > offset else offset


def _read(text: str, history: HistoryFormat, offsets: Sequence[int]) -> Iterator[Traced]:
    """The entries at these offsets. Where stamps are missing for long, each line is a command of its own."""
    for entry in entries_at(text, history, offsets):
        if history is not HistoryFormat.PLAIN or entry.text.count("\n") < _MOST_LINES:
            yield entry
            continue
        done = entry.start
        for offset in (one for one in offsets if entry.start <= one < entry.end):
            if offset < done:
                continue
            first = text.rfind("\n", entry.start, offset) + 1 or entry.start
            end = text.find("\n", offset)
            while 0 <= end < entry.end and text[end - 1] == "\\":
                end = text.find("\n", end + 1)
            end = entry.end if end < 0 else min(end, entry.end)
            yield Traced(text[first:end], first, end)
            done = end


def _line(text: str, starts: Sequence[int], line: int) -> str:
    end = starts[line] - 1 if line < len(starts) else len(text)
    return text[starts[line - 1] : end]


def _until_gone(
    request: Request, held: Opened, reads: Readings, lines: LineTable, entries: list[_Entry]
) -> tuple[list[_Entry], Reading]:
    """Adds the entries in which the check still finds the old secret: quoted in pieces, for example."""
    history, text = _readable(request.path, held)
    table = LineTable(text)
    for _ in range(_MOST_ROUNDS):
        after = reads.of(changed(held, _splices(entries, lines, held)))
        found = next((one for one in after.of(request.old) if one.place.line), None)
        if not found:
            return entries, after
        line = _line_before(found.place.line or 1, entries)
        offset = table.start(line)
        more = list(_entries(request.path, text, history, [offset]))
        if not more or more[0] in entries:
            break
        entries = sorted([*entries, *more], key=lambda one: one.first)
    raise NotPlanned("it stands there in a form that cannot be told from its neighbours")


def _line_before(line: int, entries: Iterable[_Entry]) -> int:
    """The line of the old file that is this line of what is left."""
    for first, last in _merged(entries):
        if first <= line:
            line += last - first + 1
    return line


def _merged(entries: Iterable[_Entry]) -> list[tuple[int, int]]:
    """Runs of lines that go, in order."""
    runs: list[tuple[int, int]] = []
    for entry in sorted(entries, key=lambda one: one.first):
        if runs and entry.first <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(runs[-1][1], entry.last))
        else:
            runs.append((entry.first, entry.last))
    return runs


def _splices(entries: Iterable[_Entry], lines: LineTable, held: Opened) -> list[Splice]:
    end = len(held.file.written)
    return [Splice(lines.start(first), min(lines.end(last) + 1, end), "") for first, last in _merged(entries)]


def _difference(before: Reading, after: Reading, old: Secret, entries: Iterable[_Entry]) -> str:
    """Why something else than these entries would be missing, or an empty text."""
    was = {one.secret for one in before.findings if one.secret}
    now = {one.secret for one in after.findings if one.secret}
    if old in now or now - was or set(after.skipped) - set(before.skipped):
        return "what is left would be read in another way"
    commands = "\n".join(entry.command for entry in entries)
    for lost in was - now - {old}:
        if not any(True for _ in spellings(commands, lost, 0, len(commands))):
            return "something that is read there now would not be read any more"
    return ""
