"""Where known words stand in a text: one pass over the bytes for all of them, before any pattern runs.

hyperscan reads some four times as fast as ahocorasick_rs, which has a wheel everywhere, and takes twenty times as long
to start. Both answer the same: the first megabytes of a process are read with the one, what follows with the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ahocorasick_rs

Hits = list[tuple[int, int]]
"""(offset of the first byte, index of the word), in order."""
Finder = Callable[[bytes], Hits]


_SOON = 2 * 1024 * 1024
"""Bytes that are read sooner than the fast finder of a thousand words is made."""


def finder(words: Sequence[bytes], soon: int = _SOON) -> Finder:
    """A function that finds these words, which are in lower case, whatever the case of the text's ASCII letters.

    After `soon` bytes it makes itself a faster one.
    """
    current = quick_finder(words)
    left = soon

    def find(data: bytes) -> Hits:
        nonlocal current, left
        if left > 0:
            left -= len(data)
            if left <= 0:
                current = fast_finder(words)
        return current(data)

    return find


def fast_finder(words: Sequence[bytes]) -> Finder:
    """The one that reads fastest on this machine."""
    try:
        import hyperscan
    except ImportError:  # no wheel for this platform
        return portable_finder(words)
    try:
        return _hyperscan_finder(words, hyperscan)
    except hyperscan.HyperscanError:  # a processor without SSSE3
        return portable_finder(words)


def portable_finder(words: Sequence[bytes]) -> Finder:
    return _automaton_finder(words, ahocorasick_rs.Implementation.DFA)


def quick_finder(words: Sequence[bytes]) -> Finder:
    """The one that is made soonest: in one or two milliseconds."""
    return _automaton_finder(words, ahocorasick_rs.Implementation.ContiguousNFA)


def _automaton_finder(words: Sequence[bytes], implementation: ahocorasick_rs.Implementation) -> Finder:
    automaton = ahocorasick_rs.BytesAhoCorasick(words, implementation=implementation)

    def find(data: bytes) -> Hits:
        found = automaton.find_matches_as_indexes(data.lower(), overlapping=True)
        return sorted((start, index) for index, start, _ in found)

    return find


def _hyperscan_finder(words: Sequence[bytes], hyperscan: Any) -> Finder:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=list(words),
        ids=list(range(len(words))),
        elements=len(words),
        flags=hyperscan.HS_FLAG_CASELESS,
        literal=True,
    )
    sizes = [len(word) for word in words]

    def find(data: bytes) -> Hits:
        hits: Hits = []

        def take(index: int, _: int, end: int, __: int, ___: object) -> None:
            hits.append((end - sizes[index], index))

        if data:
            database.scan(data, match_event_handler=take)
        hits.sort()
        return hits

    return find
