"""crontab files with positions: settings, and the commands behind the times. Rules: crontab(5) of cronie and Debian."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks import late
from checks.formats.traced_text import TraceBuilder, Traced

_SETTING = late.compile(
    r"""[ \t]*(?P<quote>["']?)(?P<name>[A-Za-z_]\w*)(?P=quote)[ \t]*=[ \t]*
        (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>.*))\Z""",
    re.VERBOSE,
)
_FIELD = r"[\d*A-Za-z][\w*,/~-]*"
_TIMES = late.compile(rf"[ \t]*(?:@[a-z_]+|{_FIELD}(?:[ \t]+{_FIELD}){{4}})[ \t]+(?=\S)")
_USER = late.compile(r"[A-Za-z_][\w.$-]*(?::\w+)?[ \t]+(?=\S)")
_PERCENT = late.compile(r"(?P<escaped>\\%)|%")


class CronSetting(NamedTuple):
    """`NAME = value`, in which nothing is replaced."""

    name: str
    value: Traced


def read_crontab(text: str, *, users: bool) -> Iterator[CronSetting | Traced]:
    """Settings, and command lines as the shell is given them. `users`: a user stands before each command."""
    position = 0
    for line in text.split("\n"):
        start, position = position, position + len(line) + 1
        if line.lstrip().startswith("#"):
            continue
        if times := _TIMES.match(line):
            user = _USER.match(line, times.end()) if users else None
            yield _command(text, start + (user or times).end(), start + len(line.rstrip()))
        elif setting := _SETTING.match(line.rstrip(" \t\r")):
            kind = str(setting.lastgroup)
            begin, end = setting.span(kind)
            yield CronSetting(setting["name"], Traced(setting[kind], start + begin, start + end))


def _command(source: str, start: int, end: int) -> Traced:
    r"""A `%` ends the command: what follows is its standard input. `\%` is one `%`."""
    builder, position = TraceBuilder(source), start
    for found in _PERCENT.finditer(source, start, end):
        builder.copied(position, found.start())
        position = found.end()
        if not found["escaped"]:
            return builder.done(start, found.start())
        builder.copied(position - 1, position)
    builder.copied(position, end)
    return builder.done(start, end)
