"""The guides' words, filled in for one case."""

from __future__ import annotations

from guides.case.walk import Walk
from guides.steps.step import Chapter
from guides.words import section
from guides.words.filled import GENERIC, fill


def paragraphs(walk: Walk, subject: str, *ids: str) -> tuple[str, ...]:
    """The paragraphs of these sections, one after the other."""
    values = {**GENERIC, **walk.values()}
    return tuple(text for one in ids for text in fill(section(subject, one), values).paragraphs)


def titled(walk: Walk, title: str, subject: str, *ids: str) -> Chapter:
    """A chapter whose rows are sections: their titles on the left."""
    values = {**GENERIC, **walk.values()}
    filled = [fill(section(subject, one), values) for one in ids]
    return Chapter(title, rows=tuple((one.title, one.text) for one in filled))
