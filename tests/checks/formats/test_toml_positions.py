from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.toml_positions import values
from tests.checks.conftest import random_password

DOCUMENT = '''
title = "x" # note
"a b"."c" = 'd'
n = 1
[plugins."io.containerd.grpc.v1.cri".registry.configs."h:5000".auth]
  username = "ann"
  password = 'p "w'
[[list]]
e = """
one \\
   two"""
f = \'\'\'raw \\ '' x\'\'\'
[inline]
g = { h = "i", j.k = [ "l", { m = "n" }, # here
  "o" ] }
p = [
  ["q"], "r",
]
s = ""
'''


def flat(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in flat(inner, (*path, name))]
    if isinstance(value, list):
        return [found for inner in value for found in flat(inner, path)]
    return [(path, str(value))]


def test_reads_what_tomllib_reads() -> None:
    assert [(one.path, one.value.text) for one in values(DOCUMENT)] == flat(tomllib.loads(DOCUMENT))
    for one in values(DOCUMENT):
        line = DOCUMENT.split("\n")[one.value.line - 1]
        assert line[one.value.column - 1 :].startswith(one.value.text[:3].rstrip())


def basic(text: str) -> str:
    spelled = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in spelled) + '"'


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_value_and_name(value: str, name: str) -> None:
    text = f"[a.{basic(name)}]\nx = {{ y = {basic(value)} }}\n"
    (found,) = values(text)
    assert (found.path, found.value.text) == (("a", name, "x", "y"), value)
    assert flat(tomllib.loads(text)) == [(found.path, value)]
    assert (found.value.line, found.value.column) == (2, 12)


@pytest.mark.parametrize(
    "broken",
    ["x = [ 1, 2", "x = { a = 1", 'x = "open', "][", "= 3", "x = {= }", "[table", "x == 3", "x = [ [ {", "\0 = \0"],
)
def test_a_mistake_costs_no_other_line(broken: str) -> None:
    password = random_password()
    found = [one.value.text for one in values(f'{broken}\npassword = "{password}"\n')]
    assert password in found


@pytest.mark.parametrize(
    "sign",
    [
        "[",
        "{",
        "{a=",
        "a=[\n",
        '"',
        "'''",
        '"""',
        "a.",
        "\\",
        "=",
        "a=1\n",
        "x = [1,\n",
        '"a"."',
        '\\"',
        '\\"""\n',
        "[a.a.a]\nx=1\n",
    ],
)
def test_a_lot_of_anything(sign: str) -> None:
    text = sign * (2**17 // len(sign))
    assert sum(1 for _ in values(text)) >= 0
    assert sum(1 for _ in values(f"a = {text}")) >= 0


def test_long_paths_cost_no_more() -> None:
    text = "[" + "a." * 200_000 + "a]\n" + "x=1\n" * 100_000
    assert sum(len(one.path) for one in values(text)) <= 16 * 100_000


def test_tables_of_one_array_are_told_apart() -> None:
    assert [one.table for one in values('a="x"\n[[b]]\nc="y"\n[[b]]\nc="z"\nd="w"')] == [0, 1, 2, 2]


@given(st.text(st.sampled_from("[]{}=.,\"'\\# \n\r\tau0041")))
def test_any_text(text: str) -> None:
    for one in values(text):
        assert one.path
        assert 1 <= one.value.line <= one.value.end_line <= text.count("\n") + 1
