"""Single lines of the file that was asked for last."""

from __future__ import annotations

from array import array

from checks.files.content import Binary, read_text_bytes
from checks.files.reading import NotRead

_STEP = 256
"""Every so many lines the offset is kept: enough to find any line soon, and little for millions of lines."""


class LastFile:
    """Keeps one file, since the findings of a file come one after the other."""

    def __init__(self, limit: int) -> None:
        """`limit` in bytes; larger files have no lines."""
        self._limit = limit
        self._path = ""
        self._data = b""
        self._starts = array("Q")

    def line(self, path: str, number: int) -> str:
        """The line, counted from 1, without its end; empty where there is none or the file cannot be read."""
        if path != self._path:
            self._open(path)
        step, behind = divmod(number - 1, _STEP)
        if number < 1 or step >= len(self._starts):
            return ""
        start = self._starts[step]
        for _ in range(behind):
            start = self._data.find(b"\n", start) + 1
            if not start:
                return ""
        end = self._data.find(b"\n", start)
        return self._data[start : end if end >= 0 else None].decode("utf-8", "surrogateescape")

    def _open(self, path: str) -> None:
        self._path, self._starts = path, array("Q", [0])
        try:
            self._data = read_text_bytes(path, self._limit)
        except (NotRead, Binary):
            self._data = b""
        line, start = 0, self._data.find(b"\n") + 1
        while start:
            line += 1
            if line % _STEP == 0:
                self._starts.append(start)
            start = self._data.find(b"\n", start) + 1
