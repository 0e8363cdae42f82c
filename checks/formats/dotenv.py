"""`.env` files as docker compose, the dotenv libraries and `docker run --env-file` read them, with positions.

They differ in details (docker's `--env-file` knows no quotes); a secret is one whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks import late

_ASSIGNMENT = late.compile(
    r"""^[ \t]*+(?:export[ \t]++)?(?P<name>[A-Za-z_][\w.-]*+)[ \t]*+(?:=|:(?=[ \t]))[ \t]*+
        (?:'(?P<single>[^']*+)'
         | "(?P<double>[^"\\]*+(?>(?:\\.[^"\\]*+)*))"
         | `(?P<back>[^`]*+)`
         | (?P<bare>[^\r\n]*+))""",
    re.MULTILINE | re.VERBOSE | re.DOTALL,
)
_COMMENT = late.compile(r"(?:^|[ \t])#.*", re.DOTALL)
_ESCAPE = late.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Assignment:
    """One `NAME=value`. `start` and `end` bound the value as written, quotes not included."""

    name: str
    value: str = field(repr=False)
    start: int
    end: int
    literal: bool
    """In single quotes or back-quotes: `$NAME` in it is not replaced."""


def read_dotenv(text: str) -> Iterator[Assignment]:
    """The assignments of the text, in order; lines that are none are passed over. Linear, whatever the text."""
    for match in _ASSIGNMENT.finditer(text):
        kind = str(match.lastgroup)
        value, start = match[kind], match.start(kind)
        if kind == "bare":
            value = _COMMENT.sub("", value).rstrip()
        elif kind == "double":
            value = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), value)
        end = start + len(value) if kind == "bare" else match.end(kind)
        yield Assignment(match["name"], value, start, end, kind in ("single", "back"))
