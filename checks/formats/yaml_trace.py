"""Where each character of a scalar's value stands in the file, before indents, folds, quotes and escapes went away.

Rules: yaml.org/spec/1.2, chapters 7.3 (quotes, line folding) and 8.1 (blocks); JSON's strings and HCL's quoted ones and
here-documents follow the same. All of these add or change white space only, but for the escapes of quoted text: so the
signs of the value are found again in their order, and what lies between them is white space on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.traced_text import Piece, Traced
from checks.formats.yaml_positions import Node

_BLANK = " \t\r\n\x85\u2028\u2029"
_WHITE = late.compile(f"[{_BLANK}]*+")
_RUN = late.compile(f"[^{_BLANK}]++")
_SINGLE = late.compile(rf"(?P<plain>[^'{_BLANK}]++)|(?P<escape>'')|(?P<white>[{_BLANK}]++)")
_DOUBLE = late.compile(
    rf"""(?P<plain>[^"\\{_BLANK}]++) | (?P<white>[{_BLANK}]++ | \\\r?\n)
    | (?P<escape>\\(?:u[dD][89abAB][0-9a-fA-F]{{2}}\\u[dD][c-fC-F][0-9a-fA-F]{{2}}
        | x[0-9a-fA-F]{{2}} | u[0-9a-fA-F]{{4}} | U[0-9a-fA-F]{{8}} | (?s:.)))""",
    re.VERBOSE,
)
_BLANK_ESCAPES = frozenset("trnNLP \t")
"""Letters behind a backslash that stand for white space."""

_Run = tuple[int, int, int, int]
"""Start and end in the value, start and end in the source."""


def trace(source: str, node: Node) -> Traced:
    """The value of this scalar, traced to the text it was read from. Linear, and never fails."""
    text = node.text
    if text and text[-1] not in _BLANK and "\\" not in text and "'" not in text and source.startswith(text, node.start):
        return Traced(text, node.start, node.start + len(text))  # as most are: written as it is, on one line
    found = _quoted(source, node) if node.style in ("'", '"') else _plain(source, node)
    pieces: list[Piece] = []
    value_end, source_end = 0, node.start
    for start, end, source_start, run_end in found:
        if start > value_end or not pieces:
            pieces.append(Piece(value_end, source_end, source_start))
        pieces.append(Piece(start, source_start, run_end))
        value_end, source_end = end, run_end
    if value_end < len(node.text) or not pieces:
        pieces.append(Piece(value_end, source_end, source_end))
    return Traced(node.text, node.start, source_end, _joined(source, node.text, pieces))


def _plain(source: str, node: Node) -> Iterator[_Run]:
    """Plain text and blocks: the same runs of signs stand in value and source."""
    position = node.start
    for run in _RUN.finditer(node.text):
        start = _skip(source, position)
        position = start + run.end() - run.start()
        yield run.start(), run.end(), start, position


def _quoted(source: str, node: Node) -> Iterator[_Run]:
    pattern = _SINGLE if node.style == "'" else _DOUBLE
    value, index, position = node.text, _skip(node.text, 0), node.start
    while index < len(value) and (match := pattern.match(source, position)):
        position = match.end()
        if match.lastgroup == "white" or (match.lastgroup == "escape" and _is_blank(match.group())):
            continue
        length = len(match.group()) if match.lastgroup == "plain" else 1
        yield index, min(index + length, len(value)), match.start(), match.end()
        index = _skip(value, index + length)


def _is_blank(escape: str) -> bool:
    if len(escape) == 2:
        return escape[1] in _BLANK_ESCAPES
    return (
        len(escape) <= 10 and escape[1] in "xuU" and int(escape[2:], 16) < 0x3000 and chr(int(escape[2:], 16)) in _BLANK
    )


def _skip(text: str, position: int) -> int:
    match = _WHITE.match(text, position)
    return match.end() if match else position


def _joined(source: str, value: str, pieces: list[Piece]) -> tuple[Piece, ...]:
    """Pieces that follow each other unchanged are one: few pieces make the look-up quick."""
    joined: list[Piece] = []
    stops = [piece.at for piece in pieces[1:]] + [len(value)]
    copied = False
    for piece, stop in zip(pieces, stops, strict=True):
        same = source[piece.start : piece.end] == value[piece.at : stop]
        if joined and copied and same and joined[-1].end == piece.start:
            joined[-1] = Piece(joined[-1].at, joined[-1].start, piece.end)
        elif stop > piece.at or not joined:
            joined.append(piece)
            copied = same
    return tuple(joined)
