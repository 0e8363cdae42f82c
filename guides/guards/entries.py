"""An entry of ours in the set-up of a tool that keeps the hooks: what all of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from checks.formats.yaml_positions import Node, parse, walk


class Standing(Enum):
    """Whether our entry is in a text."""

    MISSING = "missing"
    OURS = "ours"
    """As it was written."""
    CHANGED = "changed"
    """Somebody changed it, or wrote one of their own: it guards, and is theirs now."""


class ByHand(Exception):
    """The text is written in a way that this program does not edit. The message is a clause that says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of our entry for one hook."""

    tool: str
    path: Path
    standing: Callable[[str], Standing]
    added: Callable[[str], str]
    """The text with the entry. Raises ByHand."""
    removed: Callable[[str], str]
    """The text without it. Raises ByHand."""
    wanted: str
    """The entry by itself, for a person who has to write it."""
    mode: int = 0o644
    """Of the file, where it has to be made."""
    note: str = ""


def proven(smaller: str, larger: str, entry: str) -> None:
    """That two texts of YAML differ by this entry's values alone. Raises ByHand."""
    more, less, wanted = _leaves(larger), _leaves(smaller), _leaves(entry)
    if less - more or Counter(text for _, text in (more - less).elements()) != Counter(
        text for _, text in wanted.elements()
    ):
        raise ByHand("it is not written in the usual block form of YAML")


def document(text: str) -> Node | None:
    """The one mapping that a set-up in YAML is; None where it is empty. Raises ByHand."""
    parsed = parse(text)
    if parsed.problem:
        raise ByHand(f"it is not YAML that can be read: {parsed.clause}")
    if not parsed.documents:
        return None
    root = parsed.documents[0]
    if len(parsed.documents) > 1 or root.kind != "mapping":
        raise ByHand("it is not the mapping that such a file should be")
    return root


def line_start(text: str, offset: int) -> int:
    """Where the line of this offset begins."""
    return text.rfind("\n", 0, offset) + 1


def indented(text: str, columns: int) -> str:
    """Every line moved to the right."""
    return "".join(f"{' ' * columns}{line}" for line in text.splitlines(keepends=True))


def _leaves(text: str) -> Counter[tuple[tuple[str, ...], str]]:
    root = document(text)
    if not root:
        return Counter()
    return Counter((path, node.text) for path, node in walk(root) if not node.members and not node.items)
