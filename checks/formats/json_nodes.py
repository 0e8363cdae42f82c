"""JSON as the nodes of checks.formats.yaml_positions, so that one reading serves both. Comments and commas too many are
passed over, as in devcontainer.json."""

from __future__ import annotations

from checks.formats import json_positions
from checks.formats.text_positions import Lines
from checks.formats.yaml_positions import Member, Node, Parsed, Problem

_KINDS = {"object": "mapping", "array": "sequence"}


def parse_json(text: str) -> Parsed:
    """Parses the first value. A `problem` says where a strict reader would have stopped; what follows is there too."""
    parsed = json_positions.parse(text)
    lines = Lines(text)
    problem = Problem(parsed.problem.reason, lines.at(parsed.problem.offset)[0]) if parsed.problem else None
    return Parsed((_converted(parsed.root, lines),) if parsed.root else (), problem)


def _converted(root: json_positions.Node, lines: Lines) -> Node:
    """Children first: the tree may be as deep as it likes."""
    done: dict[int, Node] = {}
    waiting = [(root, False)]
    while waiting:
        node, children_done = waiting.pop()
        if node.kind in _KINDS and not children_done:
            waiting.append((node, True))
            waiting += [(held.value, False) for held in node.members]
            waiting += [(item, False) for item in node.items]
            continue
        done[id(node)] = _node(node, lines, done)
    return done[id(root)]


def _node(node: json_positions.Node, lines: Lines, done: dict[int, Node]) -> Node:
    quoted = node.kind == "string"
    start = node.start + quoted
    if node.kind not in _KINDS:
        text = "" if node.kind == "null" else node.text
        return Node("scalar", start, node.end, lines, text, '"' if quoted else "")
    members = tuple(
        Member(
            held.name,
            Node("scalar", held.start + 1, held.start + 1, lines, held.name, '"'),
            done[id(held.value)],
        )
        for held in node.members
    )
    items = tuple(done[id(item)] for item in node.items)
    return Node(_KINDS[node.kind], start, node.end, lines, members=members, items=items)
