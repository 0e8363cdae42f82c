"""YAML as it lies about: whole, as a template, or broken. What no parser reads is read line by line."""

from __future__ import annotations

from typing import NamedTuple

from checks.formats.loose_lines import LooseLine, loose_lines
from checks.formats.templates import has_actions, without_actions
from checks.formats.text_positions import Lines
from checks.formats.yaml_positions import Node, Parsed, parse, walk


class YamlText(NamedTuple):
    """What was read of a text: its documents, and the lines that are in none of them."""

    text: str
    """The text that the documents' offsets belong to: template actions may be blank in it, all else is in place."""
    documents: tuple[Node, ...]
    loose: tuple[LooseLine, ...] = ()
    problem: str = ""
    """Why some lines had to be read by themselves: a clause for people."""


def read_yaml(text: str) -> YamlText:
    """Reads a text in YAML's way as far as it goes. Linear, and without exceptions."""
    parsed = parse(text)
    if not parsed.problem:
        return YamlText(text, parsed.documents)
    if has_actions(text):
        text = without_actions(text)
        parsed = parse(text)
        if not parsed.problem:
            return YamlText(text, parsed.documents)
    return YamlText(text, parsed.documents, tuple(_unread(text, parsed)), parsed.clause)


def _unread(text: str, parsed: Parsed) -> list[LooseLine]:
    """The settings in lines of which the parser made nothing."""
    covered: set[int] = set()
    for document in parsed.documents:
        for _, node in walk(document):
            if node.kind == "scalar" and node.text:
                covered.update(range(node.line, node.end_line + 1))
    lines = Lines(text)
    return [one for one in loose_lines(text) if lines.at(one.start)[0] not in covered]
