"""Python before 3.11.5 misreads a possessive repeat of a group (`(?:ab)*+`); an atomic group says the same."""

from __future__ import annotations

import re
from pathlib import Path

CHECKS = Path(__file__).parents[1] / "checks"
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\{?[0-9]*,?[0-9]*\}?\})\+")


def test_no_group_is_repeated_possessively() -> None:
    files = [*CHECKS.rglob("*.py"), *CHECKS.rglob("*.yaml")]
    assert len(files) > 100
    assert [str(path) for path in files if POSSESSIVE_GROUP.search(path.read_text("utf-8"))] == []


def test_what_is_forbidden() -> None:
    assert all(map(POSSESSIVE_GROUP.search, ("(?:a)*+", "(a)++", "(?:a){1,8}+", "(?:a){{0,20}}+")))
    assert not any(map(POSSESSIVE_GROUP.search, ("[a]*+", "(?>(?:a)*)", "(?:a){1,8}", "(a) + (b)")))
