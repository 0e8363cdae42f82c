"""Template actions in a text, `{{ .Values.x }}` and `{% if x %}`, made harmless for a parser without moving anything.

Syntaxes: Go's text/template (Helm), Jinja (Ansible, Salt). An action alone in its line becomes white space, any other
a word of HOLES: a value that has one is known to be made up elsewhere.
"""

from __future__ import annotations

from checks import late

HOLE = "\ue000"
"""Stands for one sign of an action: a private character that YAML allows."""
_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_NOT_NEWLINE = late.compile(r"[^\r\n]")


def has_actions(text: str) -> bool:
    return "{{" in text or "{%" in text


def without_actions(text: str) -> str:
    """The text with its actions replaced, every other sign at its place. Linear in the text."""
    parts, position = [], 0
    for start, end in _actions(text):
        before = text[position:start]
        alone = _is_blank(text, start, -1) and _is_blank(text, end, 1)
        parts += [before, _NOT_NEWLINE.sub(" " if alone else HOLE, text[start:end])]
        position = end
    return "".join((*parts, text[position:]))


def _actions(text: str) -> list[tuple[int, int]]:
    """Start and end of each action; several in one line count as one where only blanks lie between."""
    found: list[tuple[int, int]] = []
    position = 0
    while (start := _next(text, position)) >= 0:
        end = text.find(_ENDS[text[start : start + 2]], start + 2)
        if end < 0:
            break
        position = end + 2
        if found and not text[found[-1][1] : start].strip(" \t"):
            found[-1] = (found[-1][0], position)
        else:
            found.append((start, position))
    return found


_OPENING = late.compile(r"\{[{%#]")


def _next(text: str, position: int) -> int:
    match = _OPENING.search(text, position)
    return match.start() if match else -1


def _is_blank(text: str, position: int, step: int) -> bool:
    """Whether only blanks lie between here and the end of the line in this direction."""
    index = position - 1 if step < 0 else position
    while 0 <= index < len(text) and text[index] in " \t\r":
        index += step
    return not 0 <= index < len(text) or text[index] == "\n"
