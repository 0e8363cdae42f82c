"""From the place that a finding names to the stretch of text that holds its secret."""

from __future__ import annotations

from checks.model.finding import Finding
from guides.edits.spelling import Spelled, nearest


class LineTable:
    """Offsets of a text's lines, which count from 1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        position = text.find("\n")
        while position >= 0:
            self._starts.append(position + 1)
            position = text.find("\n", position + 1)

    def start(self, line: int) -> int:
        """Of a line behind the last one, the end of the text."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self._text)

    def end(self, line: int) -> int:
        """Without its newline."""
        return self._starts[line] - 1 if line < len(self._starts) else len(self._text)


def located(text: str, lines: LineTable, finding: Finding) -> Spelled | None:
    """The stretch that spells the finding's secret, or None where it cannot be told."""
    place, secret = finding.place, finding.secret
    if secret is None or not secret:
        return None
    line = place.line or 1
    first, last = lines.start(line), lines.end(max(place.end_line or line, line))
    near = first + (place.column or 1) - 1
    if place.line is None:
        last = len(text)
    return nearest(text, secret, first, last, near)
