from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.json_positions import GO_DEPTH, MOST_VALUES, Node, parse

_LENGTH = 2**17

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


def value_of(node: Node) -> Any:
    if node.kind == "object":
        return {member.name: value_of(member.value) for member in node.members}
    if node.kind == "array":
        return [value_of(item) for item in node.items]
    return node.text if node.kind == "string" else json.loads(node.text)


def nodes_of(node: Node) -> list[Node]:
    below = [*node.items, *(member.value for member in node.members)]
    return [node, *(found for one in below for found in nodes_of(one))]


@given(document=documents, indent=st.none() | st.integers(0, 4), ascii_only=st.booleans())
def test_reads_what_the_standard_library_reads(document: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    expected = json.loads(json.dumps(document).replace("\\ud", "\\ud"))
    parsed = parse(text)
    assert parsed.problem is None
    assert parsed.root is not None
    if not any("\ud800" <= char <= "\udfff" for char in str(document)):
        assert value_of(parsed.root) == expected


@given(document=documents)
def test_positions_point_at_the_value(document: Any) -> None:
    text = json.dumps(document, ensure_ascii=False)
    root = parse(text).root
    assert root is not None
    for node in nodes_of(root):
        assert value_of(node) == json.loads(text[node.start : node.end])
        for member in node.members:
            assert json.JSONDecoder().raw_decode(text, member.start)[0] == member.name


@given(st.lists(st.tuples(st.sampled_from(["a", "A", "b"]), st.integers()), max_size=6))
def test_keeps_every_duplicate(pairs: list[tuple[str, int]]) -> None:
    text = "{" + ",".join(f'"{name}":{number}' for name, number in pairs) + "}"
    root = parse(text).root
    assert root is not None
    assert [(member.name, int(member.value.text)) for member in root.members] == pairs
    assert value_of(root) == json.loads(text)


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from('{}[],:"\\/ntu0e-+.*\n')))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    parsed = parse(text)
    if parsed.problem:
        assert 0 <= parsed.problem.offset <= len(text)
    if parsed.root:
        assert all(0 <= node.start <= node.end <= len(text) for node in nodes_of(parsed.root))


@given(st.text(alphabet='{}[],:"\\1eatrufnl-. \n/*'))
def test_a_problem_is_named_exactly_where_go_would_refuse(text: str) -> None:
    stripped = text.lstrip(" \t\r\n")
    try:
        value, end = json.JSONDecoder().raw_decode(stripped)
    except ValueError:
        # Go's decoder is content with a first value only if it is complete.
        assert parse(text).problem or not stripped
        return
    if isinstance(value, dict | list):
        assert parse(text).problem is None
        root = parse(text).root
        assert root and root.end == len(text) - len(stripped) + end


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1,}', "a comma before the closing bracket"),
        ('{"a" 1}', "a colon is missing"),
        ('{"a": 1 "b": 2}', "a comma is missing"),
        ("{// note\n}", "comment is not JSON"),
        ("{'a': 1}", "not JSON"),
        ('{"a": 01}', "not JSON"),
        ('{"a": "\t"}', "a control character in a string"),
        ('{"a": "\\x"}', "an escape that JSON does not know"),
        ('{"a": "b\n}', "a string without its closing quote"),
        ('{"a": ', "the text ends in the middle"),
        ('{"a"}', "a name without a value"),
        ("[}", "} closes what } did not open"),
    ],
)
def test_names_the_mistake(text: str, reason: str) -> None:
    problem = parse(text).problem
    assert problem is not None
    assert problem.reason == reason


@pytest.mark.parametrize("text", ["", " \n\t", "{} trailing", "null", "nullx", '{"a":"\\ud800"}', "[]]"])
def test_takes_what_go_takes(text: str) -> None:
    assert parse(text).problem is None


def test_reads_on_behind_a_mistake() -> None:
    root = parse('{"a": 1,, "b": oops, "c": "3" /* x */ , "d" "4"').root
    assert root is not None
    assert {member.name: member.value.text for member in root.members} == {"a": "1", "c": "3", "d": "4"}


def test_the_values_of_strings_stay_out_of_the_repr() -> None:
    assert "hunter" not in repr(parse('{"auth": "hunter"}'))


def test_depth_ends_where_go_ends() -> None:
    assert parse("[" * GO_DEPTH + "]" * GO_DEPTH).problem is None
    problem = parse("[" * (GO_DEPTH + 1) + "]" * (GO_DEPTH + 1)).problem
    assert problem is not None
    assert "nested" in problem.reason


def test_more_values_than_any_file_has_are_not_kept() -> None:
    parsed = parse("[" + "1," * (MOST_VALUES + 5) + "1]")
    assert parsed.problem is not None
    assert "values" in parsed.problem.reason


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "pattern",
    [
        "[",
        '{"a":',
        '"',
        '["',
        '["\\',
        '\\"',
        "\\",
        "/*",
        "//",
        "/",
        "/\n",
        "1,",
        "\x0b",
        ",",
        ":",
        "[}",
        '"\n',
        '"a":{',
    ],
)
def test_hostile_repetition(pattern: str) -> None:
    for opening in ("", "[", '["'):
        parse(opening + pattern * (_LENGTH // len(pattern)))


@pytest.mark.timeout(60)
def test_closing_brackets_that_close_nothing() -> None:
    parse("[" * 9_000 + "}" * 1_000_000)
    parse("[" * 100_000 + "]" * 100_000)
