"""compose's `$$`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checks.formats.compose_dollars import undoubled
from checks.formats.traced_text import Traced


@given(st.text(st.sampled_from("$ab")))
def test_any_value_is_read_back_and_traced(value: str) -> None:
    written = value.replace("$", "$$")
    read = undoubled(Traced(written, 10, 10 + len(written)))
    assert read.text == value
    for index, sign in enumerate(value):
        start, end = read.first(index) - 10, read.last(index + 1) - 10
        assert written[start:end] == ("$$" if sign == "$" else sign)


def test_a_single_one_stays() -> None:
    assert undoubled(Traced("${A}$", 0, 5)).text == "${A}$"
    assert undoubled(Traced("a$$$", 0, 4)).text == "a$$"
