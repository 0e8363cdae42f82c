"""Changing a JSON text in place: what is not touched stays as it was, byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from checks.formats.json_positions import Node

_INDENT = re.compile(r"\n([ \t]+)\S")


@dataclass(frozen=True, slots=True)
class Splice:
    """Replaces text[start:end]."""

    start: int
    end: int
    text: str = field(repr=False)


def apply(text: str, splices: Iterable[Splice]) -> str:
    """The text after all splices, which must not overlap; offsets are those of the old text."""
    parts, position = [], 0
    for splice in sorted(splices, key=lambda one: (one.start, one.end)):
        assert splice.start >= position, "overlapping splices"
        parts += [text[position : splice.start], splice.text]
        position = splice.end
    return "".join([*parts, text[position:]])


def raw_members(text: str, node: Node) -> list[str]:
    """The members of an object as they are spelled."""
    return [text[held.start : held.value.end] for held in node.members]


def spell(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def spell_member(name: str, value: str) -> str:
    """A member whose value is already spelled."""
    return f"{spell(name)}: {value}"


def render_object(text: str, start: int, raws: list[str]) -> str:
    """An object of these members, laid out for the place `start` of the text."""
    if not raws:
        return "{}"
    unit = _INDENT.search(text)
    if not unit:
        return "{" + ", ".join(raws) + "}"
    line = text[text.rfind("\n", 0, start) + 1 : start]
    base = line[: len(line) - len(line.lstrip())]
    inner = base + unit.group(1)
    ending = line_ending(text)
    return "{" + ending + f",{ending}".join(inner + raw for raw in raws) + ending + base + "}"


def line_ending(text: str) -> str:
    """How the lines of this text end: editors on Windows write two characters."""
    return "\r\n" if "\r\n" in text else "\n"


def append_members(text: str, node: Node, raws: list[str]) -> Splice:
    """Puts members behind the last one of an object, in the layout of the text."""
    if not node.members:
        return Splice(node.start, node.end, render_object(text, node.start, raws))
    last = node.members[-1]
    line_start = text.rfind("\n", 0, last.start) + 1
    lead = text[line_start : last.start]
    separator = f",{line_ending(text)}{lead}" if line_start and not lead.strip() else ", "
    return Splice(last.value.end, last.value.end, "".join(separator + raw for raw in raws))
