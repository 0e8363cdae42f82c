from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.ignore.markers import Marker, is_marked, marked, markers_in

OTHERS = [
    "gitleaks:allow",
    "trufflehog:ignore",
    "kingfisher:ignore",
    "ggignore",
    "pragma: allowlist secret",
    "pragma:allowlist secret",
    "pragma: whitelist secret",
]


@pytest.mark.parametrize("marker", OTHERS)
@pytest.mark.parametrize("line", ["x = 1  # {}", "{}", "<!--{}-->", "// {}: made up", "/*{}*/"])
def test_other_tools_markers(line: str, marker: str) -> None:
    for spelling in (marker, marker.upper()):
        (found,) = markers_in(line.format(spelling))
        assert found == Marker(marker)
        assert found.covers("any-rule")


@pytest.mark.parametrize("marker", [*OTHERS, "dockhygiene:ignore"])
@pytest.mark.parametrize("line", ["x{}", "{}s", "x-{}", "{}-not", "{}_"])
def test_whole_words_only(line: str, marker: str) -> None:
    assert not markers_in(line.format(marker))


def test_the_next_line_is_not_this_one() -> None:
    assert not markers_in("# pragma: allowlist nextline secret")


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("# dockhygiene: ignore", ()),
        ("# dockhygiene:ignore", ()),
        ("# DockHygiene: Ignore Named-Secret", ("named-secret",)),
        ("# dockhygiene:ignore named-secret,github-pat", ("named-secret", "github-pat")),
        ("# dockhygiene: ignore named-secret , github-pat made up", ("named-secret", "github-pat")),
        ("<!-- dockhygiene: ignore named-secret-->", ("named-secret",)),
        ("<!-- dockhygiene: ignore -->", ()),
        ("/* dockhygiene: ignore */", ()),
        ("# dockhygiene: ignore (made up)", ()),
        ("# dockhygiene: ignore -- made up", ()),
    ],
)
def test_our_own(line: str, rules: tuple[str, ...]) -> None:
    (found,) = markers_in(line)
    assert found == Marker("dockhygiene: ignore", rules)
    assert found.covers("named-secret") == (not rules or "named-secret" in rules)
    assert not rules or not found.covers("other-rule")


def test_several_in_one_line() -> None:
    found = markers_in("# dockhygiene: ignore a-rule  # dockhygiene: ignore b-rule  gitleaks:allow gitleaks:allow")
    assert [marker.text for marker in found] == ["dockhygiene: ignore a-rule", "dockhygiene: ignore b-rule", OTHERS[0]]


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    assert all(marker.name for marker in markers_in(text))
    assert markers_in(f"{text} gitleaks:allow")


def test_linear() -> None:
    assert not markers_in("dockhygiene: ignor " * 200_000 + "pragma: " * 200_000)


def test_a_marked_finding_is_told_from_a_listed_one() -> None:
    assert is_marked(marked(Marker("ggignore")))
    assert not is_marked("marked files/** in .dockhygiene.yaml: made-up values")
