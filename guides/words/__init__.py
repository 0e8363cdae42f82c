"""The guides' words: short Markdown files, and the one way to read them.

A file is a subject. Each `## ID Title` in it starts a section; lines of one paragraph are joined. A text may leave
places open, such as `{registry}`: `guides.words.filled` fills them. What is shown as it is leaves none open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_HEADING = re.compile(r"^## (?P<id>\S+)[ \t]*(?P<title>.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A few sentences under one heading."""

    id: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@cache
def subjects() -> tuple[str, ...]:
    """Names of all subjects."""
    files = (file.name for file in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in files if name.endswith(".md")))


@cache
def subject(name: str) -> dict[str, Section]:
    """The sections of one file, in order, by id."""
    text = (resources.files(__name__) / f"{name}.md").read_text("utf-8")
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return {
        heading["id"]: Section(heading["id"], heading["title"], _paragraphs(text[heading.end() : end]))
        for heading, end in zip(headings, ends, strict=True)
    }


def section(name: str, id: str) -> Section:  # noqa: A002  what the heading calls it
    """One section; a KeyError names what is missing."""
    return subject(name)[id]


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())
