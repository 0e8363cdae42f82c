"""The guides' words, filled in for one case."""

from __future__ import annotations

from guides.case.walk import Walk
from guides.providers.beyond.catalog import beyond
from guides.steps.step import Chapter
from guides.words import Section, section, subject
from guides.words.filled import GENERIC, fill

_BEYOND = "beyond"
_REGISTRIES_ALONE = {
    ("docker-credential", "D2"),
    ("docker-credential", "D3"),
    ("what-can-happen", "R2"),
    ("figures", "gap"),
}
"""Sections that say nothing of a secret that opens no registry."""


def paragraphs(walk: Walk, about: str, *ids: str) -> tuple[str, ...]:
    """The paragraphs of these sections, one after the other."""
    return tuple(text for one in filled(walk, about, *ids) for text in one.paragraphs)


def titled(walk: Walk, title: str, about: str, *ids: str) -> Chapter:
    """A chapter whose rows are sections: their titles on the left."""
    return Chapter(title, rows=tuple((one.title, one.text) for one in filled(walk, about, *ids)))


def filled(walk: Walk, about: str, *ids: str, **more: str) -> tuple[Section, ...]:
    """These sections of a subject, filled; for a secret that opens no registry those that stand in their places."""
    values = {**GENERIC, **walk.values(), **more}
    elsewhere = opens_no_registry(walk)
    others = subject(_BEYOND) if elsewhere else {}
    wanted = [one for one in ids if not (elsewhere and (about, one) in _REGISTRIES_ALONE)]
    return tuple(fill(others.get(f"{about}-{one}") or section(about, one), values) for one in wanted)


def opens_no_registry(walk: Walk) -> bool:
    """Whether it is the secret of an issuer beyond registries (guides/providers/beyond)."""
    return walk.case.registry is None and beyond(walk.case.provider) is not None
