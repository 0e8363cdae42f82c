from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import checks
from checks import late

MODULES = [one.name for one in pkgutil.walk_packages(checks.__path__, "checks.")]


def patterns(module: str) -> list[late._Late]:
    return [one for one in vars(importlib.import_module(module)).values() if isinstance(one, late._Late)]


def test_every_pattern_of_the_checks_can_be_compiled() -> None:
    """A mistake in one would else be met by the person whose file uses it first."""
    found = [one for module in MODULES for one in patterns(module)]
    assert len(found) > 300
    for one in found:
        re.compile(one.pattern, one.flags & ~re.UNICODE if isinstance(one.pattern, bytes) else one.flags)


def test_it_is_a_pattern_like_any_other() -> None:
    words = late.compile(r"(?P<first>[a-z]+) ([a-z]+)", re.IGNORECASE)
    match = words.fullmatch("Some words")
    assert match and match["first"] == "Some" and words.groups == 2
    assert words.sub(r"\2 \1", "a b") == "b a" and words.search("-c d").span() == (1, 4)  # type: ignore[union-attr]
    assert late.compile(rb"x").findall(b"xax") == [b"x", b"x"]


def test_a_mistake_is_raised_by_the_first_use() -> None:
    broken = late.compile("(")
    with pytest.raises(re.error):
        broken.match("")
