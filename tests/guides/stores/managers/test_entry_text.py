"""The lines of one entry of pass and gopass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.secret import Secret
from guides.stores.managers.entry_text import check_field, value_in, with_value, without_value
from guides.stores.store import StoreRefused

LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=12)
FIELD = st.sampled_from(["", "password", "user", "api key", "token_2"])


@given(st.lists(LINE | st.just(""), max_size=5), FIELD, LINE)
def test_only_the_line_that_is_meant_changes(lines: list[str], field: str, value: str) -> None:
    text = "\n".join(lines) + "\n"
    changed = with_value(text, field, Secret(value)).reveal()
    assert value_in(changed, field) == Secret(value)
    others = [line for line in lines[1:] if not line.lower().startswith(f"{field}:")]
    assert [line for line in changed.split("\n")[1:-1] if line in others] == others
    left = without_value(changed, field)
    assert left is None or value_in(left.reveal(), field) is None
    assert left is not None or not any(line.strip() for line in others)


def test_a_field_is_found_in_any_case_and_never_in_the_first_line() -> None:
    text = "user: this is a password\nUser:  alice \nuser: second\n"
    assert value_in(text, "user") == Secret("alice")
    assert value_in(text, "") == Secret("user: this is a password")
    assert value_in("only\n", "user") is None


@pytest.mark.parametrize(("field", "value"), [("a:b", "x"), ("-x", "x"), ("a\nb", "x"), ("user", " x"), ("", "a\nb")])
def test_what_has_no_place(field: str, value: str) -> None:
    with pytest.raises(StoreRefused):
        check_field(field, Secret(value))
