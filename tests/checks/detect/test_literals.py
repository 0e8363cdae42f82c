"""Both finders answer the same, whatever the words and the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.detect import literals
from checks.detect.free_text.engine import engine
from checks.detect.literals import Finder, Hits, fast_finder, finder, portable_finder, quick_finder

hyperscan = pytest.importorskip("hyperscan", reason="hyperscan has no wheel for this platform")
WORD = st.binary(min_size=1, max_size=6).map(lambda word: word.lower().replace(b"\0", b"x"))
"""Words are text: hyperscan ends a literal at a NUL."""
WORDS = st.lists(WORD, min_size=1, max_size=12, unique=True)
FINDERS = [finder, fast_finder, portable_finder, quick_finder]


def plainly(words: list[bytes], data: bytes) -> Hits:
    """What both must answer, found one word at a time."""
    lower = data.lower()
    found = [
        (match.start(), index)
        for index, word in enumerate(words)
        for match in re.finditer(b"(?=" + re.escape(word) + b")", lower)
    ]
    return sorted(found)


@pytest.mark.parametrize("make", FINDERS)
@given(words=WORDS, pieces=st.lists(st.one_of(st.binary(max_size=4), st.sampled_from([b"ab", b"AB", b"token"]))))
def test_every_place_of_every_word(make: object, words: list[bytes], pieces: list[bytes]) -> None:
    data = b"".join([*pieces, *words, *pieces])
    assert make(words)(data) == plainly(words, data)  # type: ignore[operator]


@pytest.mark.parametrize("make", FINDERS)
def test_case_and_overlaps(make: object) -> None:
    find: Finder = make([b"aa", b"password", b"pass"])  # type: ignore[operator]
    assert find(b"aAa PassWord") == [(0, 0), (1, 0), (4, 1), (4, 2)]
    assert find(b"") == []
    assert find(b"\xc3\x84A\x00a") == []


def test_the_words_of_the_rules_are_found_by_both_alike() -> None:
    probes = engine()
    words = [word for word in probes.words if len(word) > 2]
    text = b"\n".join(word + b"=x" + word.upper() for word in words)
    assert finder(words)(text) == portable_finder(words)(text)


def test_without_hyperscan_the_other_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *args: object, **kwargs: object) -> object:
        if name == "hyperscan":
            raise ImportError(name)
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    made: list[Finder] = []
    portable = literals.portable_finder
    monkeypatch.setattr(literals, "portable_finder", lambda words: made.append(portable(words)) or made[0])
    assert literals.fast_finder([b"x"]) is made[0]


def test_after_some_megabytes_the_fast_one_is_made_and_answers_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def fast(words: list[bytes]) -> Finder:
        made.append(len(words))
        return fast_finder(words)

    monkeypatch.setattr(literals, "fast_finder", fast)
    find = finder([b"token"], soon=20)
    answers = [find(b"a Token stands here") for _ in range(4)]
    assert answers == [[(2, 0)]] * 4
    assert made == [1]
