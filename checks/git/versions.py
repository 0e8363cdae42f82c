"""Versions of one file, most of whose lines are alike: a line that was clean in one of them is not searched again.

Only for text that no parser reads as a whole. A version in whose new lines anything is found is looked at whole, so
what is told of it is what would be told without this.
"""

from __future__ import annotations

_FEWEST_BYTES = 1500
_LONGEST_LINE = 400
"""Bytes of the average line beyond which lines tell little: such a text is looked at whole."""
_AROUND = 12
"""Lines before and after a new one that are looked at with it: names, openings of keys and blocks."""


class Versions:
    """The lines of one file that were seen to give nothing away, of as many versions as come one after the other."""

    def __init__(self) -> None:
        self._path = ""
        self._clean: set[bytes] = set()
        self._asked: list[bytes] = []
        """The lines of the version that was asked about last."""

    def new_part(self, path: str, data: bytes) -> bytes | None:
        """What of this version was not clean before, with what stands around it; None where all of it is to be read."""
        if path != self._path:
            self._path = path
            self._clean = set()
        self._asked = data.split(b"\n") if _has_lines(data) else []
        if not self._clean or not self._asked:
            return None
        parts: list[bytes] = []
        until = 0
        for number in _places(self._asked, set(self._asked) - self._clean):
            begin = max(number - _AROUND, until)
            until = max(number + _AROUND + 1, begin)
            parts += self._asked[begin:until]
        return b"\n".join(parts)

    def was_clean(self) -> None:
        """The version that was asked about last."""
        self._clean.update(self._asked)


def _places(lines: list[bytes], new: set[bytes]) -> list[int]:
    """Where these lines stand, in order."""
    places = []
    for line in new:
        at = -1
        for _ in range(lines.count(line)):
            at = lines.index(line, at + 1)
            places.append(at)
    return sorted(places)


def _has_lines(data: bytes) -> bool:
    return len(data) >= _FEWEST_BYTES and len(data) <= _LONGEST_LINE * data.count(b"\n")
