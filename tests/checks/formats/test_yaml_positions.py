from __future__ import annotations

import sys
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import yaml_positions
from checks.formats.yaml_positions import DEEPEST, Node, at, member, parse, text_at, walk

printable = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff")
)
documents = st.recursive(
    printable,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(printable, inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(params=["libyaml", "python"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "python":
        monkeypatch.setattr(yaml_positions, "_LOADER", yaml.SafeLoader)
    return str(request.param)


def value_of(node: Node) -> Any:
    if node.kind == "mapping":
        return {held.name: value_of(held.value) for held in node.members}
    return [value_of(item) for item in node.items] if node.kind == "sequence" else node.text


@given(documents, st.booleans(), st.sampled_from([None, "'", '"', "|", ">"]))
def test_reads_what_pyyaml_reads(document: Any, flow: bool, style: str | None) -> None:
    text = yaml.safe_dump(document, default_flow_style=flow, default_style=style, allow_unicode=True)
    parsed = parse(text)
    assert parsed.problem is None
    (root,) = parsed.documents
    assert value_of(root) == document
    lines = text.split("\n")
    for _, node in walk(root):
        if node.kind == "scalar" and node.text.isalnum() and node.text.isascii():
            assert lines[node.line - 1][node.column - 1 :].startswith(node.text[:1])


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: X", 1, 4),
        ("a: 'X'", 1, 5),
        ('a: "X"', 1, 5),
        ("a: |\n  X", 2, 3),
        ("a: >-  # note\n\n    X\n", 3, 5),
        ("a: &x X", 1, 7),
        ("a: !!str 'X'", 1, 11),
        ("a: !!str &y\n  X", 2, 3),
        ("{b: 1, a: X}", 1, 11),
        ("# ü\U0001f600\nü: 1\na: X", 3, 4),
        ("a:\n  - X", 2, 5),
        ("b: '\u2028'\r\na: X\r\n", 2, 4),
    ],
)
@pytest.mark.usefixtures("loader")
def test_positions(text: str, line: int, column: int) -> None:
    (root,) = parse(text).documents
    (found,) = [node for _, node in walk(root) if node.text.strip() == "X"]
    assert (found.line, found.column, found.end_line) == (line, column, line)


def test_a_block_of_several_lines() -> None:
    (root,) = parse("a: |\n  one\n  two\n\n\nb: x\n").documents
    found = at(root, "a")
    assert found
    assert (found.text, found.line, found.end_line) == ("one\ntwo\n", 2, 3)


def test_several_documents() -> None:
    assert [text_at(root, "a") for root in parse("a: 1\n---\na: 2\n...\n---\na: 3\n").documents] == ["1", "2", "3"]


def test_anchors_and_merges() -> None:
    (root,) = parse("base: &b {x: 1, y: 2}\none:\n  <<: *b\n  y: 3\ntwo:\n  <<: [*b, {z: 4}]\nsame: *b\n").documents
    assert [text_at(root, "one", name) for name in "xyz"] == ["1", "3", ""]
    assert [text_at(root, "two", name) for name in "xyz"] == ["1", "2", "4"]
    assert at(root, "same") is at(root, "base")
    assert text_at(root, "base") == ""
    assert member(None, "x") is None


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: [x\nc: 3\n  d",
        "a: 1\nb: 2\n\tc: 3\n",
        "a: 1\nb: *nothing\nc: @x",
        "a: 1\n}}}",
        "a: 1\n--- %\n@",
    ],
)
@pytest.mark.usefixtures("loader")
def test_what_stood_before_a_mistake_is_kept(text: str) -> None:
    parsed = parse(text)
    assert parsed.problem
    assert parsed.problem.line >= 1
    assert parsed.clause.startswith("not YAML in line ")
    assert text_at(parsed.documents[0], "a") == "1"


@pytest.mark.usefixtures("loader")
def test_no_constructor_runs() -> None:
    marker = "_dockhygiene_was_here"
    text = f"!!python/object/apply:setattr [!!python/module:sys , {marker}, 1]\n--- !!python/name:os.system x\n"
    assert len(parse(text).documents) == 2
    assert not hasattr(sys, marker)


def test_an_alias_bomb_is_walked_once() -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40))
    (root,) = parse(f"a0: &a0 [x, x]\n{levels}\n").documents
    assert sum(1 for _ in walk(root)) < 100


def test_an_alias_of_what_is_around_it() -> None:
    (root,) = parse("&a [x, *a, {<<: *a}]").documents
    assert len(list(walk(root))) < 10


def test_merges_without_end() -> None:
    text = "a0: &a0 {x: 1}\n" + "\n".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 40)
    )
    (root,) = parse(text).documents
    assert text_at(root, "a39", "nothing") == ""


def test_aliases_of_aliases_are_bounded() -> None:
    wide = "a: &a {" + ", ".join(f"k{n}: x" for n in range(10_000)) + "}\n"
    parsed = parse(wide + "b: &b {a: *a}\nusers: [" + "*b, " * 50_000 + "]\n")
    assert parsed.problem
    assert "aliases" in parsed.clause
    (root,) = parsed.documents
    users = at(root, "users")
    assert users
    assert len(users.items) < 1_000


@pytest.mark.parametrize("sign", ["[", "{", "- ", "? ", "{a: ", "a: "])
@pytest.mark.usefixtures("loader")
def test_depth_is_bounded(sign: str) -> None:
    parsed = parse(sign * 100_000)
    assert parsed.problem
    assert all(len(list(walk(root))) <= 2 * DEEPEST + 5 for root in parsed.documents)


@pytest.mark.parametrize(
    "sign", ["x", "x\n", "'", '"', "\\", "#", "- x\n", "\0", "&a ", "*a\n", "!x ", "[],", "---\n", "|\n"]
)
def test_a_megabyte_of_anything(sign: str) -> None:
    parse(sign * (2**20 // len(sign)))


def test_too_long_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_positions, "_LOADER", yaml.SafeLoader)
    assert parse("a: x\n" * 200_000).problem


@given(st.text(st.characters() | st.sampled_from("[]{}:,-?|>&*!%@`'\"# \t\n\r\0")))
def test_any_text(text: str) -> None:
    for root in parse(text).documents:
        for _, node in walk(root):
            assert node.line >= 1
            assert node.column >= 1
