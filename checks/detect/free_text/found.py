"""What a probe finds, and what it is told of the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from checks.model.finding import Confidence, Severity
from checks.model.secret import Secret


class Context(NamedTuple):
    """What the file's name says of its text."""

    code: bool = False
    """A programming language: only what stands in quotes is a value."""
    example: bool = False
    """Tests, fixtures, templates, documentation: what stands there is rarely real."""
    locked: bool = False
    """Lock files, minified or generated text: full of digests, without names that people gave."""


class Found(NamedTuple):
    """One secret. `start` and `end` bound its bytes in the text, as they are written there."""

    rule: str
    title: str
    severity: Severity
    confidence: Confidence
    secret: Secret
    start: int
    end: int
    registry: str | None = None
    username: str | None = None
    named: bool = False
    """It is one by its name or place only, not by its form."""
    general: bool = False
    """Another rule may know it better."""


Find = Callable[[bytes, int, Context], Iterator[Found]]
"""Looks at the text around a word that begins at this offset."""


class Probe(NamedTuple):
    """A kind of clue: the lower-case words that announce it, and what to do where one stands."""

    words: tuple[bytes, ...]
    find: Find
    in_locked: bool = False
    """Whether lock files and minified text are looked at, too."""
    window: Callable[[bytes, int, Context], tuple[int, int]] | None = None
    """The text that `find` looks at, where it is more than what begins at the word: it is looked at once."""
    begins: Callable[[bytes, int], object] | None = None
    """Nothing where `find` finds nothing at this word: it is asked first, as it costs less."""
