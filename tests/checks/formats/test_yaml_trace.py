"""Every sign of a scalar is found again where it stands in the file, whatever the style."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from checks.formats.hcl import parse_hcl
from checks.formats.json_nodes import parse_json
from checks.formats.text_positions import Lines
from checks.formats.yaml_positions import Node, at, parse, walk
from checks.formats.yaml_trace import trace

BLANK = " \t\r\n\x85\u2028\u2029"
values = st.text(
    st.sampled_from("aZ09 \n\t'\"\\:#-{}é\U0001f600\xa0\u2028\x85&*!|>%@,[]?=")
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)


def check(source: str, node: Node) -> None:
    """Plain signs stand at their place; what was escaped lies within the bounds, and the order is kept."""
    traced = trace(source, node)
    assert traced.text == node.text
    before = traced.start
    for index, sign in enumerate(node.text):
        if sign in BLANK:
            continue
        start, end = traced.first(index), traced.last(index + 1)
        assert before <= start < end <= len(source)
        before = end
        written = source[start:end]
        escaped = written[0] == "\\" if node.style == '"' else written == "''"
        assert written == sign or escaped
        if escaped and node.style == '"':
            assert sign == (json.loads(f'"{written}"') if written[1] in 'unrtbf"\\/' else sign)


@given(
    values, st.sampled_from([None, "'", '"', "|", ">"]), st.booleans(), st.integers(0, 3), st.sampled_from([20, 200])
)
@example("a\n\n  b\n", "|", False, 2, 200)
@example("it's 'quoted' '' ", "'", True, 1, 20)
@example("long words that are folded because the line is short", ">", False, 1, 20)
def test_yaml(value: str, style: str | None, unicode: bool, depth: int, width: int) -> None:
    document: object = value
    for _ in range(depth):
        document = {"k": [document]}
    source = "# first\n" + yaml.safe_dump(
        document, default_style=style, allow_unicode=unicode, width=width, default_flow_style=False
    )
    assume(yaml.safe_load(source) == document)  # PyYAML writes some signs as it does not read them
    parsed = parse(source)
    assume(not parsed.problem)
    found = [node for _, node in walk(parsed.documents[0]) if node.kind == "scalar" and node.text == value]
    assert found
    check(source, found[0])


@given(values, st.booleans(), st.sampled_from([None, 2]))
def test_json(value: str, ascii_only: bool, indent: int | None) -> None:
    source = json.dumps({"a": [{"b": value}]}, ensure_ascii=ascii_only, indent=indent)
    (root,) = parse_json(source).documents
    held = at(root, "a")
    assert held
    node = at(held.items[0], "b")
    assert node and node.text == value
    check(source, node)


@given(values)
def test_hcl(value: str) -> None:
    assume("$" not in value and "%" not in value)
    written = "".join(
        {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}.get(sign, sign) for sign in value
    )
    source = f'# first\nblock "label" {{\n  name = "{written}"\n}}\n'
    (root,) = parse_hcl(source).documents
    node = at(root, "block", "label", "name")
    assert node and node.text == value
    check(source, node)


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("a: |\n  one\n\n  WORD two\n", 4, 3),
        ("a: |4\n      x\n    WORD\n", 3, 5),
        ("a: >\n  one\n  two\n  WORD\n", 4, 3),
        ("a: one\n   two WORD\n", 2, 8),
        ('a: "one \\\n   two\\\n   \\ WORD"\n', 3, 6),
        ('a: "one\n\n   WORD"\n', 3, 4),
        ("a: 'it''s\n  WORD'\n", 2, 3),
        ("a: !!str &x\n  'WORD'\n", 2, 4),
        ('a: "\\u00e9\\x41\\n\\tWORD"\n', 1, 19),
    ],
)
def test_lines(source: str, line: int, column: int) -> None:
    (root,) = parse(source).documents
    node = at(root, "a")
    assert node
    offset = trace(source, node).first(node.text.index("WORD"))
    assert source[offset:].startswith("WORD")
    before = source[:offset]
    assert (before.count("\n") + 1, offset - before.rfind("\n")) == (line, column)


@given(st.text(max_size=40), st.sampled_from(["", "'", '"', "|"]), st.text(max_size=40))
def test_nothing_raises(source: str, style: str, text: str) -> None:
    traced = trace(source, Node("scalar", 0, 1, Lines(source), text, style))
    assert traced.text == text
    for index in range(len(text)):
        assert traced.first(index) >= 0
