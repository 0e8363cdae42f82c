"""Splices: what is not named stays byte for byte, what is new fits in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.json_positions import Node, parse
from guides.edits.json_text import Splice, append_members, apply, raw_members, render_object, spell, spell_member

TABS = '{\n\t"a": {\n\t\t"b": 1\n\t}\n}'
TWO_SPACES = '{\n  "a": {\n    "b": 1\n  }\n}\n'
CRLF = TABS.replace("\n", "\r\n")
ONE_LINE = '{"a": {"b": 1}}'


def root(text: str) -> Node:
    node = parse(text).root
    assert node is not None
    return node


def inner(text: str) -> Node:
    return root(text).members[0].value


def test_splices_apply_in_any_order_with_the_old_offsets() -> None:
    text = "0123456789"
    assert apply(text, [Splice(8, 9, ""), Splice(2, 4, "ab"), Splice(5, 5, "-")]) == "01ab4-5679"
    assert apply(text, []) == text


def test_overlapping_splices_are_our_own_mistake() -> None:
    with pytest.raises(AssertionError, match="overlapping"):
        apply("0123", [Splice(0, 2, ""), Splice(1, 3, "")])


def test_a_splice_does_not_show_its_text() -> None:
    assert "hush" not in repr(Splice(0, 1, "hush"))


@pytest.mark.parametrize("text", [TABS, TWO_SPACES, CRLF, ONE_LINE])
def test_an_object_rendered_from_its_own_members_is_itself(text: str) -> None:
    for node in (root(text), inner(text)):
        assert render_object(text, node.start, raw_members(text, node)) == text[node.start : node.end]


@pytest.mark.parametrize("text", [TABS, TWO_SPACES, CRLF, ONE_LINE])
def test_without_members_an_object_is_empty(text: str) -> None:
    assert render_object(text, inner(text).start, []) == "{}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TABS, '{\n\t"a": {\n\t\t"b": 1\n\t},\n\t"c": 2,\n\t"d": 3\n}'),
        (TWO_SPACES, '{\n  "a": {\n    "b": 1\n  },\n  "c": 2,\n  "d": 3\n}\n'),
        (CRLF, '{\r\n\t"a": {\r\n\t\t"b": 1\r\n\t},\r\n\t"c": 2,\r\n\t"d": 3\r\n}'),
        (ONE_LINE, '{"a": {"b": 1}, "c": 2, "d": 3}'),
        ("{}", '{"c": 2, "d": 3}'),
        ("{ }", '{"c": 2, "d": 3}'),
    ],
)
def test_members_are_appended_in_the_layout_of_the_text(text: str, expected: str) -> None:
    assert apply(text, [append_members(text, root(text), ['"c": 2', '"d": 3'])]) == expected


@given(st.text())
def test_what_is_spelled_reads_back(value: str) -> None:
    if any("\ud800" <= char <= "\udfff" for char in value):
        return  # no such text comes out of a UTF-8 file
    assert json.loads(spell(value)) == value
    assert json.loads("{" + spell_member(value, spell(value)) + "}") == {value: value}


def test_text_stays_readable() -> None:
    assert spell("J\u00fcrgen") == '"J\u00fcrgen"'
