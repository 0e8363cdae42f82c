"""History files of shells: the commands that were typed, each with its place in the file.

Forms: bash(1) HISTTIMEFORMAT and cmdhist (a line `#<seconds>` before an entry of some lines), tcsh (`#+<seconds>`),
zshoptions(1) EXTENDED_HISTORY (`: <seconds>:<duration>;command`, a newline as backslash and newline, some bytes written
as 0x83 and the byte xor 32), and fish's `- cmd: command` with `\\n` and `\\\\`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from checks import late
from checks.formats.encodings import text_of
from checks.formats.traced_text import TraceBuilder, Traced

_META = late.compile(rb"\x83(.)", re.DOTALL)
_STAMP = late.compile(r"^#\+?[0-9]{9,11}\r?$", re.MULTILINE)
_ZSH_STAMP = late.compile(r": {1,3}[0-9]{1,11}:[0-9]{1,9};")
_ZSH_FIRST = late.compile(rb": {1,3}[0-9]{1,11}:[0-9]{1,9};")
_FISH_COMMAND = "- cmd: "
_FISH_FIRST = late.compile(rb"- cmd: [^\n]*\n  when: [0-9]")
_FISH_ESCAPE = late.compile(r"\\(?:n|\\)")
_DOCUMENT = late.compile(r"<<-?[ \t]{0,4}['\"\\]?(?P<end>[A-Za-z_]\w{0,40})")

LONGEST_ENTRY = 16 * 1024
"""Characters over which the lines of one entry are put together; what is longer is read line by line."""
_LONGEST_STAMP = 15
"""Characters, with the end of its line."""
_TRIES = 8
"""Lines with `#` that are looked at for a stamp; an entry of more comments is read line by line."""
_PATIENCE = 1000
"""How often a here-document without its end may cost a look at the lines behind it."""


class HistoryFormat(StrEnum):
    PLAIN = "plain"
    """bash, ksh, ash, tcsh: with or without time stamps."""
    ZSH = "zsh"
    FISH = "fish"


def format_of(name: str, data: bytes) -> HistoryFormat:
    """By the file's name, then by how it begins."""
    if name.endswith("fish_history") or _FISH_FIRST.match(data[:65536]):
        return HistoryFormat.FISH
    if name.startswith((".zsh", ".zhistory", "zsh_history")) or _ZSH_FIRST.match(data[:64]):
        return HistoryFormat.ZSH
    return HistoryFormat.PLAIN


def history_text(data: bytes, history: HistoryFormat) -> str:
    """The file as text. Positions of entries are offsets in it."""
    if history is HistoryFormat.ZSH and b"\x83" in data:
        data = _META.sub(lambda found: bytes([found[1][0] ^ 32]), data)
    return text_of(data)


def entries_at(text: str, history: HistoryFormat, offsets: Iterable[int]) -> Iterator[Traced]:
    """The commands that stand at these offsets, which ascend; each once. All of them are never split: a history is
    long, and few of its lines are of interest."""
    find: _Plain | _Zsh | _Fish = _READERS[history](text)
    done = 0
    for offset in offsets:
        if offset < done:
            continue
        if entry := find.entry(offset, done):
            yield entry
            done = entry.end + 1
        else:
            done = _line(text, offset, done)[1] + 1


class _Zsh:
    def __init__(self, text: str) -> None:
        self.text = text

    def entry(self, offset: int, done: int) -> Traced:
        start, end = _continued(self.text, offset, done)
        stamp = _ZSH_STAMP.match(self.text, start, end)
        first = position = stamp.end() if stamp else start
        newline = self.text.find("\\\n", position, end)
        if newline < 0:
            return Traced(self.text[first:end], first, end)
        builder = TraceBuilder(self.text)
        while newline >= 0:
            builder.copied(position, newline)
            builder.copied(newline + 1, newline + 2)
            position = newline + 2
            newline = self.text.find("\\\n", position, end)
        builder.copied(position, end)
        return builder.done(first, end)


class _Fish:
    def __init__(self, text: str) -> None:
        self.text = text

    def entry(self, offset: int, done: int) -> Traced | None:
        start, end = _line(self.text, offset, done)
        if not self.text.startswith(_FISH_COMMAND, start, end):
            return None
        builder = TraceBuilder(self.text)
        first = position = start + len(_FISH_COMMAND)
        for escape in _FISH_ESCAPE.finditer(self.text, first, end):
            builder.copied(position, escape.start())
            builder.replaced("\n" if escape.group() == r"\n" else "\\", escape.start(), escape.end())
            position = escape.end()
        builder.copied(position, end)
        return builder.done(first, end)


class _Plain:
    """Lines between two stamps are one entry. Without stamps, so is a line with its here-document or continuation."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.patience = _PATIENCE
        self.stamped = bool(_STAMP.search(text))

    def entry(self, offset: int, done: int) -> Traced:
        start = self._behind_stamp(offset, done) if self.stamped else None
        end = self._next_stamp(offset) if start is not None else None
        if start is None or end is None or not start <= offset < end:
            start, end = _continued(self.text, offset, done)
            end = self._behind_document(start, end)
        return Traced(self.text[start:end], start, end)

    def _behind_stamp(self, offset: int, done: int) -> int | None:
        """Where the line behind the nearest stamp before the offset begins."""
        first, position = max(done - _LONGEST_STAMP, offset - LONGEST_ENTRY, 0), offset
        for _ in range(_TRIES):
            position = self.text.rfind("#", first, position)
            if position < 0:
                return None
            if stamp := _STAMP.match(self.text, position):
                return stamp.end() + 1 if stamp.end() + 1 >= done else None
        return None

    def _next_stamp(self, offset: int) -> int | None:
        """Where the line before the next stamp ends."""
        position = offset
        for _ in range(_TRIES):
            found = self.text.find("\n#", position, offset + LONGEST_ENTRY)
            if found < 0:
                end = len(self.text) - self.text.endswith("\n")
                return end if end <= offset + LONGEST_ENTRY else None
            if _STAMP.match(self.text, found + 1):
                return found
            position = found + 1
        return None

    def _behind_document(self, start: int, end: int) -> int:
        mark = self.text.find("<<", start, end) if self.patience else -1
        opened = _DOCUMENT.search(self.text, mark, end) if mark >= 0 else None
        if not opened:
            return end
        closing = re.compile(rf"^[ \t]*+{opened['end']}[ \t\r]*+$", re.MULTILINE)
        found = closing.search(self.text, end, end + LONGEST_ENTRY)
        self.patience -= not found
        return found.end() if found else end


_READERS: dict[HistoryFormat, type[_Plain | _Zsh | _Fish]] = {
    HistoryFormat.PLAIN: _Plain,
    HistoryFormat.ZSH: _Zsh,
    HistoryFormat.FISH: _Fish,
}


def _line(text: str, offset: int, done: int) -> tuple[int, int]:
    end = text.find("\n", offset)
    return text.rfind("\n", done, offset) + 1 or done, end if end >= 0 else len(text)


def _continued(text: str, offset: int, done: int) -> tuple[int, int]:
    """The bounds of the line of this offset, and of those that a backslash at the end joins to it."""
    start, end = _line(text, offset, done)
    while start - 2 >= done and text[start - 2] == "\\" and offset - start < LONGEST_ENTRY:
        start = text.rfind("\n", done, start - 1) + 1 or done
    while end < len(text) and text[end - 1] == "\\" and end - offset < LONGEST_ENTRY:
        _, end = _line(text, end + 1, end + 1)
    return start, end
