from __future__ import annotations

import shlex
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.display import printable, shell_path

HOME = Path("/home/ann")


@given(st.text(alphabet=st.characters()), st.integers(0, 50))
def test_nothing_unseen_is_left(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in shown)
    assert len(shown) <= max(limit, 3)
    shown.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\x9bb", "a\\x9bb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb", "a\\u200bb"),
        ("a\udcffb", "a\\xffb"),
        ("a\U000e0041b", "a\\U000e0041b"),
        ("line\nbreak", "line\\x0abreak"),
        ("grüße 日本", "grüße 日本"),
    ],
)
def test_what_cannot_be_seen_is_spelled(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_long_text_is_cut() -> None:
    assert printable("x" * 300) == "x" * 197 + "..."


def test_a_path_is_short_below_home() -> None:
    assert shell_path(HOME / ".docker/config.json", HOME) == "~/.docker/config.json"
    assert shell_path(HOME / "a b", HOME) == "~/'a b'"
    assert shell_path(Path("/home/annette/x"), HOME) == "/home/annette/x"


@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), min_size=1, max_size=20))
def test_a_shell_gets_exactly_the_path(name: str) -> None:
    word = shell_path(f"/x/{name}", HOME)
    assert printable(word, 10_000) == word
    if not word.startswith("$'"):
        assert shlex.split(word) == [f"/x/{name}"]


def test_a_shell_gets_exactly_the_unprintable_path() -> None:
    for name in ("new\nline", "it's\t\\odd", "bidi\u202e"):
        word = shell_path(f"/x/{name}", HOME)
        ran = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, check=True)
        assert ran.stdout.decode() == f"/x/{name}"
