"""Text that remembers where each of its characters stood before quotes and escapes were taken away."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Piece(NamedTuple):
    """A run of the text, from `at` to where the next piece begins, that stands at `start`..`end` of the source."""

    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Traced:
    """A text, and the source it was made of. `start`..`end` is all of it there, its quotes included."""

    text: str = field(repr=False)
    start: int
    end: int
    pieces: tuple[Piece, ...] = ()
    """Empty where the text stands in the source as it is."""
    dynamic_spans: tuple[tuple[int, int], ...] = ()
    """Parts of the text that only a running shell knows: they are kept as written, `$(pass show x)`."""

    @property
    def dynamic(self) -> bool:
        return bool(self.dynamic_spans)

    def first(self, index: int) -> int:
        """Where the character at this index begins in the source."""
        if not self.pieces:
            return self.start + index
        piece, length = self._piece(index)
        linear = piece.end - piece.start == length
        return piece.start + index - piece.at if linear else piece.start

    def last(self, index: int) -> int:
        """Where the character before this index ends in the source."""
        if not self.pieces:
            return self.start + index
        if index <= 0:
            return self.pieces[0].start
        piece, length = self._piece(index - 1)
        linear = piece.end - piece.start == length
        return piece.start + index - piece.at if linear else piece.end

    def part(self, start: int, end: int | None = None) -> Traced:
        """The text from one index to another, still traced."""
        end = len(self.text) if end is None else end
        first, last = self.first(start), self.last(end)
        spans = self._spans(start, end) if self.dynamic_spans else ()
        pieces = self._clipped(start, end) if self.pieces else ()
        return Traced(self.text[start:end], first, max(first, last), pieces, spans)

    def _spans(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        left = bisect_right(self.dynamic_spans, start, key=lambda span: span[1])
        right = bisect_left(self.dynamic_spans, end, key=lambda span: span[0])
        return tuple((max(one - start, 0), min(two, end) - start) for one, two in self.dynamic_spans[left:right])

    def _clipped(self, start: int, end: int) -> tuple[Piece, ...]:
        left = max(bisect_right(self.pieces, start, key=lambda piece: piece.at) - 1, 0)
        right = bisect_left(self.pieces, end, key=lambda piece: piece.at)
        stops = [piece.at for piece in self.pieces[left + 1 : right]] + [end]
        return tuple(
            Piece(max(piece.at - start, 0), self.first(max(piece.at, start)), self.last(min(stop, end)))
            for piece, stop in zip(self.pieces[left:right], stops, strict=False)
        )

    def stripped(self) -> Traced:
        """Without the white space around it."""
        left = len(self.text) - len(self.text.lstrip())
        return self.part(left, max(left, len(self.text.rstrip())))

    def _piece(self, index: int) -> tuple[Piece, int]:
        number = max(bisect_right(self.pieces, index, key=lambda piece: piece.at) - 1, 0)
        stop = self.pieces[number + 1].at if number + 1 < len(self.pieces) else len(self.text)
        return self.pieces[number], stop - self.pieces[number].at


def joined(parts: Iterable[Traced]) -> Traced:
    """These one behind the other as one text, each character still where it stood in their common source."""
    texts: list[str] = []
    pieces: list[Piece] = []
    spans: list[tuple[int, int]] = []
    length, start, end = 0, None, 0
    for part in parts:
        if not part.text:
            continue
        pieces += [Piece(piece.at + length, piece.start, piece.end) for piece in part.pieces or (_whole(part),)]
        spans += [(one + length, two + length) for one, two in part.dynamic_spans]
        texts.append(part.text)
        length += len(part.text)
        start = part.start if start is None else min(start, part.start)
        end = max(end, part.end)
    return Traced("".join(texts), start or 0, end, tuple(pieces) or (Piece(0, end, end),), tuple(spans))


def _whole(part: Traced) -> Piece:
    return Piece(0, part.start, part.start + len(part.text))


class TraceBuilder:
    """Puts a traced text together from left to right."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._texts: list[str] = []
        self._pieces: list[Piece] = []
        self._spans: list[tuple[int, int]] = []
        self._length = 0

    def copied(self, start: int, end: int) -> None:
        """This stretch of the source stands for itself."""
        if start >= end:
            return
        self._texts.append(self._source[start:end])
        self._pieces.append(Piece(self._length, start, end))
        self._length += end - start

    def replaced(self, text: str, start: int, end: int) -> None:
        """This stretch of the source stands for another text, of one character where the stretch has more."""
        if text:
            self._texts.append(text)
            self._pieces.append(Piece(self._length, start, end))
            self._length += len(text)

    def dynamic(self, start: int, end: int) -> None:
        """This stretch of the source stands for what only a running shell knows."""
        self._spans.append((self._length, self._length + end - start))
        self.copied(start, end)

    def done(self, start: int, end: int) -> Traced:
        pieces = tuple(self._pieces) or (Piece(0, end, end),)
        return Traced("".join(self._texts), start, end, pieces, tuple(self._spans))
