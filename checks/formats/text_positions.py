"""Lines and columns of offsets in a text."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    """Maps an offset to (line, column), both counted from 1; columns count characters."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        position = text.find("\n")
        while position >= 0:
            self._starts.append(position + 1)
            position = text.find("\n", position + 1)

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
