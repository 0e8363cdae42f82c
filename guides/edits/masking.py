"""An edit shown before it is made: only the lines that change, and no secret in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks.formats.display import printable
from checks.model.finding import Finding
from checks.model.secret import Secret
from guides.edits.json_text import Splice, apply
from guides.edits.places import LineTable, located
from guides.edits.spelling import spellings

MOST_LINES = 200
_WIDEST = 160
_CONTEXT = 60
"""Characters before the first change of a line that is too wide."""
_SHORTEST = 4
"""Characters of a secret that is looked for where no check saw it: shorter ones are parts of any word."""
_LOOKS_RANDOM = re.compile(r"(?=[A-Za-z+/_-]{0,200}[0-9])(?=[0-9+/_-]{0,200}[A-Za-z])[A-Za-z0-9+/_-]{12,}={0,2}")


@dataclass(frozen=True, slots=True)
class Mask:
    """Text that is shown instead of `start`..`end`."""

    start: int
    end: int
    shown: str


def masks_of(text: str, findings: Iterable[Finding]) -> list[Mask]:
    """One for each secret that was found in the text."""
    lines = LineTable(text)
    made = []
    for finding in findings:
        if finding.secret and (spelled := located(text, lines, finding)):
            made.append(Mask(spelled.start, spelled.end, _label(finding.secret)))
    return made


def diff(
    before: str, splices: Sequence[Splice], old: Sequence[Mask], new: Sequence[Mask], secrets: Iterable[Secret]
) -> tuple[str, ...]:
    """Lines of a unified diff without context. The masks are of the text before and after; `secrets` are masked
    wherever else they stand in the lines that are shown."""
    after = apply(before, splices)
    hidden = tuple(dict.fromkeys(one for one in secrets if len(one) >= _SHORTEST))
    made: list[str] = []
    shift = lines_shift = 0
    for group in _groups(before, splices):
        first, last = _line_bounds(before, group[0].start, group[-1].end)
        growth = sum(len(one.text) - (one.end - one.start) for one in group)
        new_first, new_last = first + shift, last + shift + growth
        number = before.count("\n", 0, first) + 1
        removed = _shown(before, first, last, old, hidden, [(one.start, one.end) for one in group])
        added = _shown(after, new_first, new_last, new, hidden, positions_after(group, shift))
        made.append(f"@@ -{number},{len(removed)} +{number + lines_shift - (not added)},{len(added)} @@")
        made += [f"-{line}" for line in removed] + [f"+{line}" for line in added]
        shift += growth
        lines_shift += len(added) - len(removed)
        if len(made) > MOST_LINES:
            return (*made[:MOST_LINES], "and more lines of the same kind")
    return tuple(made)


def _groups(text: str, splices: Sequence[Splice]) -> Iterator[list[Splice]]:
    """Splices that share a line belong together."""
    group: list[Splice] = []
    for splice in splices:
        if group and "\n" in text[group[-1].end : splice.start]:
            yield group
            group = []
        group.append(splice)
    if group:
        yield group


def positions_after(splices: Sequence[Splice], shift: int = 0) -> list[tuple[int, int]]:
    """Where the texts of the splices, which are in order, stand afterwards."""
    found = []
    for one in splices:
        found.append((one.start + shift, one.start + shift + len(one.text)))
        shift += len(one.text) - (one.end - one.start)
    return found


def _line_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    first = text.rfind("\n", 0, start) + 1
    if end > start and end <= len(text) and text[end - 1] == "\n" and first == start:
        return first, end  # whole lines go
    last = text.find("\n", end)
    return first, len(text) if last < 0 else last + 1


def _shown(
    text: str,
    first: int,
    last: int,
    masks: Sequence[Mask],
    secrets: Sequence[Secret],
    changes: Sequence[tuple[int, int]],
) -> list[str]:
    known = [one for one in masks if one.start < last and one.end > first]
    for secret in secrets:
        known += [Mask(one.start, one.end, _label(secret)) for one in spellings(text, secret, first, last)]
    shown: list[str] = []
    focus = changes[0][0]
    for begin, end in _lines(text, first, last):
        line = _masked(text, begin, end, known)
        at = len(_masked(text, begin, min(max(focus, begin), end), known))
        shown.append(printable(_narrowed(line, at).expandtabs(4), 2 * _WIDEST))
    return shown


def _lines(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    while first < last:
        end = text.find("\n", first, last)
        end = last if end < 0 else end
        yield first, end - (end > first and text[end - 1] == "\r")
        first = end + 1


def _masked(text: str, first: int, last: int, masks: Sequence[Mask]) -> str:
    """One line: what is masked is replaced, and what merely looks like a secret is too."""
    parts, position = [], first
    for mask in sorted(masks, key=lambda one: (one.start, -one.end)):
        if mask.end <= position or mask.start >= last:
            continue
        if mask.start >= position:
            parts += [_without_random(text[position : mask.start]), mask.shown]
        position = mask.end
    return "".join([*parts, _without_random(text[position:last]) if position < last else ""])


def _without_random(text: str) -> str:
    return _LOOKS_RANDOM.sub(_length, text)


def _length(found: re.Match[str]) -> str:
    return f"<{len(found.group())} characters>"


def _narrowed(line: str, focus: int) -> str:
    if len(line) <= _WIDEST:
        return line
    first = max(focus - _CONTEXT, 0)
    shown = line[first : first + _WIDEST]
    return f"{'...' if first else ''}{shown}{'...' if first + _WIDEST < len(line) else ''}"


def _label(secret: Secret) -> str:
    return f"<{secret.masked}>"
