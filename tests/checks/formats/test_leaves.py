"""Every format's leaves, next to Python's own reader of it."""

from __future__ import annotations

import configparser
import json
import tomllib
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import leaves as formats
from checks.formats.leaves import Leaf, ReadLeaves
from tests.checks.conftest import random_password

words = st.text(st.sampled_from("abcXYZ019-_"), min_size=1, max_size=6)
values = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
tables = st.dictionaries(words, st.dictionaries(words, values, min_size=1, max_size=4), min_size=1, max_size=4)
trees = st.recursive(
    values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=12
)


def flat(value: Any, names: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in flat(inner, (*names, name)[-8:])]
    if isinstance(value, list):
        return [found for inner in value for found in flat(inner, names)]
    return [(names, value)]


def pairs(found: tuple[Leaf, ...]) -> list[tuple[tuple[str, ...], str]]:
    return [(leaf.names, leaf.value.text) for leaf in found]


def written(text: str, leaf: Leaf) -> str:
    return text.split("\n")[leaf.value.line - 1][leaf.value.column - 1 :]


@given(trees, st.sampled_from([None, 1]))
def test_json(tree: Any, indent: int | None) -> None:
    text = json.dumps(tree, indent=indent)
    assert pairs(formats.json_leaves(text).found) == flat(json.loads(text))
    text = json.dumps(tree, indent=indent, ensure_ascii=False)
    for leaf in formats.json_leaves(text).found:
        assert written(text, leaf).startswith(json.dumps(leaf.value.text, ensure_ascii=False)[1:-1])


@given(trees, st.booleans())
def test_yaml(tree: Any, flow: bool) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, sort_keys=False)
    assert pairs(formats.yaml_leaves(text).found) == flat(yaml.safe_load(text))


@given(tables)
def test_toml(tree: dict[str, dict[str, str]]) -> None:
    text = "".join(
        f"[{name}]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in inner.items())
        for name, inner in tree.items()
    )
    assert pairs(formats.toml_leaves(text).found) == flat(tomllib.loads(text))


@given(tables)
def test_ini(tree: dict[str, dict[str, str]]) -> None:
    known = configparser.RawConfigParser(strict=False)
    text = "".join(
        f"[x{name}]\n" + "".join(f"{key} = {value}\n" for key, value in inner.items()) for name, inner in tree.items()
    )
    known.read_string(text)
    found = {leaf.names: leaf.value.text for leaf in formats.ini_leaves(text).found}
    assert found == {(name, key): value for name in known.sections() for key, value in known[name].items()}


@given(st.lists(st.tuples(values, values), min_size=1, max_size=4))
def test_xml(items: list[tuple[str, str]]) -> None:
    inside = "".join(f"<e>\n<a k={quoteattr(first)}/><b>{escape(second)}</b></e>" for first, second in items)
    known = ElementTree.fromstring(f"<r>{inside}</r>")
    expected = [
        pair
        for one in known
        for pair in ((("r", "e", "a", "k"), one[0].attrib["k"]), (("r", "e", "b"), one[1].text or ""))
    ]
    assert pairs(formats.xml_leaves(f"<r>{inside}</r>").found) == expected


def test_properties() -> None:
    assert pairs(formats.properties_leaves("a.b=c\nd : e\n").found) == [(("a.b",), "c"), (("d",), "e")]


def test_quotes_around_a_value() -> None:
    text = '[c]\na = "x y"\nb=\'z\'\nd="\ne="\'\n'
    found = [(leaf.value.text, leaf.value.column) for leaf in formats.unquoted_ini_leaves(text).found]
    assert found == [("x y", 6), ("z", 4), ('"', 3), ("\"'", 3)]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (formats.json_leaves, '[{"a": "1", "b": ["2"]}, {"a": "3"}]'),
        (formats.yaml_leaves, "- {a: 1, b: [2]}\n- {a: 3}\n"),
        (formats.toml_leaves, '[[x]]\na="1"\nb=["2"]\n[[x]]\na="3"\n'),
        (formats.xml_leaves, "<r><x a='1'><y><b>2</b></y></x><x a='3'/></r>"),
        (formats.ini_leaves, "[x]\na=1\n[y]\na=3\n"),
        (formats.yaml_leaves, "a: 1\n---\na: 3\n"),
    ],
)
def test_holders_are_told_apart(read: ReadLeaves, text: str) -> None:
    held = {leaf.value.text: leaf.holder for leaf in read(text).found}
    assert held["1"] != held["3"]


def test_what_cannot_be_read_is_said() -> None:
    password = random_password()
    assert formats.json_leaves("").problem == ""
    assert formats.yaml_leaves(f"a: {password}\nb: [\n").problem.startswith("not YAML in line ")
    assert formats.xml_leaves(f"<a><b>{password}</b>").problem.startswith("not XML in line ")
    for read in (formats.yaml_leaves, formats.xml_leaves):
        assert password not in read(f"{password}: [<").problem


READERS = [getattr(formats, name) for name in dir(formats) if name.endswith("_leaves")]


@pytest.mark.parametrize("read", READERS)
@given(st.text(st.sampled_from("[]{}<>/&;:=,-'\"\\#!a \n\0\ud800")))
def test_any_text(read: ReadLeaves, text: str) -> None:
    for leaf in read(text).found:
        assert 1 <= leaf.value.line <= leaf.value.end_line <= text.count("\n") + 1


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "piece", ['{"a":', "[", "a: {", "<a b='c'>", "<a z='1' y='2'/>", 'x=["', "a=b\n", "- ", '\\"', "[a.b]\n"]
)
def test_a_lot_of_anything(read: ReadLeaves, piece: str) -> None:
    read(piece * (2**17 // len(piece)))
