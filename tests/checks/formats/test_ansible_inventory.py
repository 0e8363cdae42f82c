"""Ansible's inventories in INI form: lines of hosts are split as Python's shlex splits them, which Ansible uses."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checks.formats.ansible_inventory import read_inventory

TEXT = """\
# all of them
mail ansible_port=22
[web]
web[1:3] ansible_user=ops ansible_password='a b' x="c\\"d"  # old
; no
[web:vars]
ansible_become_pass = e f # g
quoted="h i"
[all:children]
web
"""


def test_an_inventory() -> None:
    read = [(line.holder, [(name, value.text) for name, value in line.variables]) for line in read_inventory(TEXT)]
    assert read == [
        ("mail", [("ansible_port", "22")]),
        ("web[1:3]", [("ansible_user", "ops"), ("ansible_password", "a b"), ("x", 'c"d')]),
        ("web", [("ansible_become_pass", "e f # g")]),
        ("web", [("quoted", "h i")]),
        ("web", []),
    ]


@given(st.text(st.sampled_from("ab'\"\\#= \t1"), max_size=16))
def test_a_line_is_split_as_by_shlex(rest: str) -> None:
    line = f"host x={rest}".strip()
    try:
        expected = shlex.split(line, comments=True)
    except ValueError:
        assume(False)
    value = expected[1].partition("=")[2]
    assume("'" not in value and '"' not in value)  # once more a string of Python's
    (read,) = read_inventory(line)
    assert (read.holder, *(f"{name}={held.text}" for name, held in read.variables[:1])) == tuple(expected[:2])


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"], exclude_characters="'\"\\#")))
def test_any_password_stands_where_it_stands(password: str) -> None:
    assume(password)
    text = f"[a]\nh ansible_user=u ansible_password='{password}'\n[a:vars]\nansible_ssh_pass={password}\n"
    host, group = read_inventory(text)
    for name, value in (host.variables[1], group.variables[0]):
        assert name in ("ansible_password", "ansible_ssh_pass")
        assert value.text == text[value.first(0) : value.last(len(password))] == password


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text", ["[" * 200_000, '"\\' * 50_000, "a=" * 100_000], ids=["brackets", "quotes", "settings"]
)
def test_no_text_takes_longer_than_its_length(text: str) -> None:
    assert len(list(read_inventory(text))) <= 1
