"""Templates and broken YAML: nothing moves, and nothing is left out silently."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checks.formats.loose_lines import loose_lines
from checks.formats.read_yaml import read_yaml
from checks.formats.templates import HOLE, without_actions
from checks.formats.yaml_positions import at, text_at

actions = st.text(st.sampled_from("a{}%#- \n\"'"), max_size=60)


@given(actions)
def test_actions_leave_every_other_sign_in_place(text: str) -> None:
    made = without_actions(text)
    assert len(made) == len(text)
    assert all(new in (old, " ", HOLE) for old, new in zip(text, made, strict=True))
    assert [i for i, sign in enumerate(made) if sign == "\n"] == [i for i, sign in enumerate(text) if sign == "\n"]


def test_a_helm_template_is_read_as_a_tree() -> None:
    text = 'a: {{ .x }}-b\n{{- if .y }}\nb:\n  c: "{{ .z }}"\n  d: e\n{{- end }}\n'
    read = read_yaml(text)
    assert not read.problem and not read.loose
    (root,) = read.documents
    assert text_at(root, "b", "d") == "e"
    assert HOLE in text_at(root, "a") and HOLE in text_at(root, "b", "c")
    found = at(root, "b", "d")
    assert found and (found.line, found.column) == (5, 6)


def test_good_yaml_with_actions_is_left_alone() -> None:
    read = read_yaml("a: '{{ x }}'\n")
    assert text_at(read.documents[0], "a") == "{{ x }}"


def test_what_the_parser_did_not_reach_is_read_by_lines() -> None:
    read = read_yaml("a: 1\nb: \"open\nc: 2 # why\n'd': '3'\n- e = 4\n")
    assert [(one.name, one.value) for one in read.loose] == [("b", '"open'), ("c", "2"), ("d", "3"), ("e", "4")]
    assert "line" in read.problem


@given(st.text() | st.from_regex(r"(?:a|: |=|\"|'|\\|\n| |#)*"))
def test_loose_lines_never_raise_and_point_at_their_values(text: str) -> None:
    for one in loose_lines(text):
        assert text[one.start : one.end] == one.value
