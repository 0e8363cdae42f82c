"""The values at the ends of a document, whatever its format, with the names that lead to them.

What most credential files need to be read: which name holds the secret, and which name beside it the user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from checks.formats import ini, json_positions, properties, toml_positions, xml_positions, yaml_positions
from checks.formats.located import Located, located, parts
from checks.formats.text_positions import Lines

_NAMES_KEPT = 8
"""Names of a path that are kept: with all of them, deep nesting would cost the square of its depth."""


class Leaf(NamedTuple):
    """A value that is no container. `holder` is the same number for the values that stand side by side."""

    names: tuple[str, ...]
    """The last eight names that lead to it, its own at the end; items of a list have the list's."""
    value: Located
    holder: int


class Leaves(NamedTuple):
    """All that could be read, and a clause that says where the reading ended, or nothing."""

    found: tuple[Leaf, ...]
    problem: str = ""


ReadLeaves = Callable[[str], Leaves]


def json_leaves(text: str) -> Leaves:
    """The strings of a JSON document, a broken one too."""
    parsed, lines = json_positions.parse(text), Lines(text)
    found = tuple(
        Leaf(names, located(lines, node.text, node.start + 1, node.end - 1), holder)
        for names, node, holder in (_walk(parsed.root) if parsed.root else ())
        if node.kind == "string"
    )
    clause = f"not JSON in line {lines.at(parsed.problem.offset)[0]}" if parsed.problem and not parsed.root else ""
    return Leaves(found, clause)


def yaml_leaves(text: str) -> Leaves:
    """The scalars of every document."""
    parsed, found = yaml_positions.parse(text), list[Leaf]()
    for root in parsed.documents:
        first = found[-1].holder + 1 if found else 0
        found += (
            Leaf(names, node.located, first + holder) for names, node, holder in _walk(root) if node.kind == "scalar"
        )
    return Leaves(tuple(found), parsed.clause)


def toml_leaves(text: str) -> Leaves:
    """Every value. The tables of an array of tables are holders of their own."""
    holders: dict[tuple[int, tuple[str, ...]], int] = {}
    return Leaves(
        tuple(
            Leaf(one.path, one.value, holders.setdefault((one.table, one.path[:-1]), len(holders)))
            for one in toml_positions.values(text)
        )
    )


def ini_leaves(text: str) -> Leaves:
    """Every setting, led to by its section; sections of one name are one holder."""
    holders: dict[str, int] = {}
    return Leaves(
        tuple(
            Leaf((one.section, one.name), one.value, holders.setdefault(one.section, len(holders)))
            for one in ini.settings(text)
        )
    )


def unquoted_ini_leaves(text: str) -> Leaves:
    """The same where a value may stand in quotes, as MySQL and wget have it."""
    return Leaves(tuple(leaf._replace(value=_unquoted(leaf.value)) for leaf in ini_leaves(text).found))


def properties_leaves(text: str) -> Leaves:
    """Every property, all side by side."""
    return Leaves(tuple(Leaf((one.name,), one.value, 0) for one in properties.settings(text)))


def xml_leaves(text: str) -> Leaves:
    """Texts and attributes of elements; an attribute stands beside the children of its element."""
    parsed, found, holders = xml_positions.parse(text), list[Leaf](), dict[int, int]()
    for own, (names, element) in enumerate(parsed.root.walk() if parsed.root else (), 1):
        holders |= {id(child): own for child in element.children}
        if element.value and not element.children:
            found.append(Leaf(names[-_NAMES_KEPT:], element.value, holders.get(id(element), 0)))
        for name, value in parsed.attributes(element).items():
            found.append(Leaf((*names, name)[-_NAMES_KEPT:], value, own))
    return Leaves(tuple(found), parsed.problem)


def _unquoted(value: Located) -> Located:
    text = value.text
    return (
        next(parts(value, [(1, len(text) - 1)]))
        if len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
        else value
    )


def _walk(root: Any) -> Iterator[tuple[tuple[str, ...], Any, int]]:
    """Every node of a JSON or YAML tree once, in the order of the text; their nodes have the same fields."""
    waiting: list[tuple[tuple[str, ...], Any, int]] = [((), root, 0)]
    seen: set[int] = set()
    while waiting:
        names, node, holder = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield names, node, holder
        own = len(seen)
        waiting += [(names, item, own) for item in reversed(node.items)]
        waiting += [((*names[1 - _NAMES_KEPT :], held.name), held.value, own) for held in reversed(node.members)]
