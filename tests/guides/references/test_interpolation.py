"""Variables in `.env` values: the forms that docker compose documents."""

from __future__ import annotations

import pytest

from guides.references.interpolation import DEEPEST, NotReplaced, replaced

HELD = {"A": "1", "EMPTY": "", "B": "$A"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x$A-${A}", "x1-1"),
        ("$B", "$A"),  # what is put in is not looked at again
        ("${NONE}$NONE", ""),
        ("${EMPTY:-d}|${EMPTY-d}|${NONE-d}|${A:-d}", "d||d|1"),
        ("${A:+y}|${EMPTY:+y}|${EMPTY+y}|${NONE+y}", "y||y|"),
        ("${NONE:-${EMPTY:-<${A}>}}}", "<1>}"),
        ("${A:?no}$$A", "1$A"),
        ("5$ and $1", "5$ and $1"),
        (r"a\$A\n", r"a\1\n"),
    ],
)
def test_as_compose_replaces_them(text: str, value: str) -> None:
    assert replaced(text, HELD.get, escapes=False) == value


def test_between_double_quotes_a_backslash_counts() -> None:
    assert replaced(r"\$A\\$A\n\"\${A}", HELD.get, escapes=True) == '$A\\1\n"${A}'


@pytest.mark.parametrize(
    "text", ["${A", "${}", "${A!}", "${NONE:?}", "${EMPTY:?x}", "${NONE?}", "${NONE:-" * (DEEPEST + 2) + "}" * 99]
)
def test_what_cannot_be_replaced_is_told_by_name(text: str) -> None:
    with pytest.raises(NotReplaced):
        replaced(text, HELD.get, escapes=False)


def test_many_braces_take_linear_time() -> None:
    with pytest.raises(NotReplaced):
        replaced("${" * 200_000, HELD.get, escapes=False)
    assert replaced("${A}" * 50_000, HELD.get, escapes=False) == "1" * 50_000
