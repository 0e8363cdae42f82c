"""`name: value` and `name = value` line by line, for texts that no parser reads: broken YAML, templates, settings
inside other documents. Knows quotes and comments, no nesting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks import late

_LINE = late.compile(
    r"""^[ \t]*+(?:-[ \t]++){0,3}(?:export[ \t]++)?
        (?P<quote>["']?)(?P<name>[A-Za-z_][\w./-]{0,100})(?P=quote)
        (?P<mark>[ \t]{0,40}:(?=[ \t"'])|[ \t]{0,40}=(?!=))[ \t]{0,40}
        (?P<value>"(?P<double>[^"\\\n]*+(?>(?:\\.[^"\\\n]*+)*))"
            | '(?P<single>[^'\n]*+(?>(?:''[^'\n]*+)*))' | [^\n]*+)""",
    re.VERBOSE | re.MULTILINE,
)
_COMMENT = late.compile(r"[ \t]#")


@dataclass(frozen=True, slots=True)
class LooseLine:
    """One `name: value`; `start` and `end` bound the value in the text, within its quotes."""

    name: str
    value: str = field(repr=False)
    start: int
    end: int


def loose_lines(text: str) -> Iterator[LooseLine]:
    """The settings of the text, in order. Escapes stay as they are written. Linear in the text."""
    for match in _LINE.finditer(text):
        group = "double" if match["double"] is not None else "single" if match["single"] is not None else "value"
        start, end = match.span(group)
        value = text[start:end]
        if group == "value":
            comment = _COMMENT.search(value)
            value = (value[: comment.start()] if comment else value).rstrip(" \t\r,")
        if value:
            yield LooseLine(match["name"], value, start, start + len(value))
