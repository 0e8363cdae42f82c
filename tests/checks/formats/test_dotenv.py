"""`.env` files: every quoting gives back the value, and its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.dotenv import read_dotenv

TEXT = """\
# comment=1
A=plain
export B = "two words" # why
C='it $is "literal"'
D="line\\nbreak \\"quoted\\" \\$x"
E=value # comment
F=pass#word
G=
H: yaml-like
I=`back`
  J="multi
line"
not an assignment
K=tail"""


def test_the_forms() -> None:
    held = {one.name: one.value for one in read_dotenv(TEXT)}
    assert held == {
        "A": "plain",
        "B": "two words",
        "C": 'it $is "literal"',
        "D": 'line\nbreak "quoted" $x',
        "E": "value",
        "F": "pass#word",
        "G": "",
        "H": "yaml-like",
        "I": "back",
        "J": "multi\nline",
        "K": "tail",
    }


def test_positions_bound_the_value_as_written() -> None:
    for one in read_dotenv(TEXT):
        if "\\" not in TEXT[one.start : one.end]:
            assert TEXT[one.start : one.end] == one.value


_words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40)


@given(_words)
def test_any_value_in_double_quotes(word: str) -> None:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    (one,) = read_dotenv(f'X="{escaped}"\n')
    assert one.value == word


@given(_words.filter(lambda word: "'" not in word))
def test_any_value_in_single_quotes(word: str) -> None:
    text = f"A=1\r\nexport X='{word}'\r\nB=2"
    held = {one.name: one for one in read_dotenv(text)}
    assert held["X"].value == word and text[held["X"].start : held["X"].end] == word
    assert held["A"].value == "1" and held["B"].value == "2"


@pytest.mark.parametrize(
    "text", ['A="' * 200_000, "A='" * 200_000, "A=" + "x" * 4_000_000, "\\" * 1_000_000, "A:" * 500_000]
)
def test_no_text_takes_long(text: str) -> None:
    assert len(list(read_dotenv(text))) <= len(text)
