"""Text as Markdown that says exactly this text: nothing in it becomes a link, a tag or a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checks.formats.display import printable

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|~])")
_START = re.compile(r"^(\s*)([#+=-]|\d+[.)])", re.MULTILINE)


def escaped(text: str) -> str:
    """One paragraph; line breaks stay, everything that cannot be seen is spelled out."""
    lines = (_SIGNS.sub(r"\\\1", printable(line, 4000)) for line in text.split("\n"))
    return "\n".join(
        _START.sub(lambda m: f"{m[1]}\\{m[2]}" if not m[2][0].isdigit() else f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", line)
        for line in lines
    )


def rows(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A list of two columns."""
    for left, right in pairs:
        yield f"- **{escaped(left)}**: {escaped(right)}" if right else f"- {escaped(left)}"
