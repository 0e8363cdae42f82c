"""Lines that do nothing but give the old secret to a name: they can be taken out whole."""

from __future__ import annotations

import re
from pathlib import Path

from checks.tool_files.places import tool_of
from guides.edits.json_text import Splice
from guides.edits.languages import Language

_NAME = r"[A-Za-z_][\w.-]*"
_SETS = {
    Language.SHELL: rf"[ \t]*(?:(?:export|declare|typeset|readonly)[ \t]+(?:-[A-Za-z]+[ \t]+)*)?{_NAME}=",
    Language.CSH: rf"[ \t]*(?:setenv[ \t]+{_NAME}[ \t]+|set[ \t]+{_NAME}[ \t]*=[ \t]*)",
    Language.FISH: rf"[ \t]*set[ \t]+(?:-{{1,2}}[A-Za-z-]+[ \t]+)*{_NAME}[ \t]+(?:--[ \t]+)?",
    Language.POWERSHELL: rf"[ \t]*\$(?:env:)?{_NAME}[ \t]*=[ \t]*",
    Language.CRONTAB: rf"[ \t]*{_NAME}[ \t]*=[ \t]*",
    Language.DOTENV: rf"[ \t]*(?:export[ \t]+)?{_NAME}[ \t]*(?:=|:)[ \t]*",
    Language.SETTINGS: rf"[ \t]*{_NAME}(?:[ \t]*=|[ \t]+(?:DEFAULT|OVERRIDE)=)",
}
_BEHIND = re.compile(r"[ \t]*;?[ \t]*(?:#.*)?\r?")
_WHOLE_LINE_TOOLS = {"git": "", "pgpass": "", "npm": r"[^=\s]*(?:_authToken|_auth|_password)[ \t]*=[ \t]*"}
"""Tools that keep one login a line, and what may stand before the secret; empty for anything."""


def can_be_taken_out(path: Path, language: Language) -> bool:
    tool = tool_of(path)
    return tool.id in _WHOLE_LINE_TOOLS if tool else language in _SETS


def line_that_sets(path: Path, language: Language, text: str, start: int, end: int) -> Splice | None:
    """The line around `start`..`end` as a cut, or None where it does more than to set this one value."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    if "\n" in text[start:end] or _is_continued(text, first, last):
        return None
    before, behind = text[first:start], text[end:last]
    tool = tool_of(path)
    pattern = _WHOLE_LINE_TOOLS.get(tool.id) if tool else _SETS.get(language)
    if pattern is None:
        return None
    if pattern and not _only_sets(pattern, before, behind):
        return None
    return Splice(first, min(last + 1, len(text)), "")


def _is_continued(text: str, first: int, last: int) -> bool:
    before = text[text.rfind("\n", 0, max(first - 1, 0)) + 1 : first].rstrip("\r\n")
    return before.endswith("\\") or text[first:last].rstrip("\r").endswith("\\")


def _only_sets(pattern: str, before: str, behind: str) -> bool:
    setting = re.match(rf"(?:[ \t]*#)?{pattern}", before)
    mark = before[setting.end() :] if setting else "?"
    if mark not in ("", "'", '"', "$'"):
        return False
    closing = mark[-1:]
    return behind.startswith(closing) and bool(_BEHIND.fullmatch(behind[len(closing) :]))
