"""Path patterns as gitignore has them: `*`, `?`, `[...]` within a name, `**` for any number of folders, `\\` escapes.

A pattern with a slash before its end starts at the file's own folder, any other holds at every depth; what holds for a
folder holds for all below it. Names are matched by atomic expressions and folders by two pointers, so that no pattern
takes long on any path.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from checks import late

LONGEST = 500
MOST_PARTS = 32
"""Names and `**` in one pattern."""
_SIGN = late.compile(
    r"\\(?P<escaped>.)|(?P<star>\*+)|(?P<any>\?)|\[(?P<but>[!^]?)(?P<set>\]?[^\]]*)\]|(?P<plain>.)", re.S
)
_MEMBER = late.compile(r"(.)-(.)|(.)", re.S)
_ANYTHING = late.compile(".*", re.S)


class GlobError(ValueError):
    """The message is a clause that says what is wrong, and quotes nothing of the pattern."""


class Glob(NamedTuple):
    """`parts` are names; None stands for any number of folders. All that follows a match is matched too."""

    text: str
    parts: tuple[re.Pattern[str] | None, ...]

    def matches(self, path: str) -> bool:
        """`path` is relative to where the pattern starts, with `/` between names."""
        names = path.split("/")
        name = part = 0
        again: tuple[int, int] | None = None  # where to go on when the names behind the last `**` do not fit here
        while part < len(self.parts):
            wanted = self.parts[part]
            if wanted is None:
                part += 1
                again = (name, part)
            elif name < len(names) and wanted.fullmatch(names[name]):
                name, part = name + 1, part + 1
            elif again is None or name == len(names):
                return False
            else:
                name, part = again[0] + 1, again[1]
                again = (name, part)
        return True


def compile_glob(text: str) -> Glob:
    """Raises GlobError."""
    if not text.strip("/ "):
        raise GlobError("an empty pattern")
    if len(text) > LONGEST:
        raise GlobError(f"a pattern of more than {LONGEST} characters")
    if text.startswith("!"):
        raise GlobError("a pattern cannot start with !: there are no exceptions")
    if "\0" in text or "\n" in text:
        raise GlobError("a pattern has one line")
    names = [name for name in text.split("/") if name not in ("", ".")]
    if ".." in names:
        raise GlobError("a pattern cannot lead out of the folder with ..")
    if not names:
        raise GlobError("an empty pattern")
    if "/" not in text.rstrip("/"):
        names.insert(0, "**")
    parts = [None if name == "**" else _name(name) for name in names]
    if parts[-1] is None or text.endswith("/"):  # `tests/**` and `tests/` are what lies in it, not the folder
        parts.append(_ANYTHING)
    if len(parts) > MOST_PARTS:
        raise GlobError(f"a pattern of more than {MOST_PARTS} names")
    return Glob(text, tuple(parts))


def _name(text: str) -> re.Pattern[str]:
    """Between two stars the earliest fit is the best one: an atomic group looks for it once."""
    pieces = [""]
    for sign in _SIGN.finditer(text):
        if sign["star"]:
            pieces.append("")
        else:
            pieces[-1] += _sign(sign)
    first, *others = pieces
    if others:
        first += "".join(f"(?>.*?{piece})" for piece in others[:-1] if piece) + ".*" + others[-1]
    try:
        return re.compile(first, re.S)
    except re.error as error:
        raise GlobError("a pattern with a malformed [...]") from error


def _sign(sign: re.Match[str]) -> str:
    if sign["any"]:
        return "."
    if sign["set"] is None:
        return re.escape(sign["escaped"] or sign["plain"])
    members = [
        f"{re.escape(low)}-{re.escape(high)}" if low else re.escape(one)
        for low, high, one in _MEMBER.findall(sign["set"])
    ]
    return f"[{'^' if sign['but'] else ''}{''.join(members)}]"
