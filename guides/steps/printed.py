"""The guide to print: every step of one case in its order, with all its words, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from guides.case.walk import Walk
from guides.markdown import escaped, rows
from guides.steps.catalog import STEPS
from guides.steps.progress import path_lines
from guides.steps.step import Chapter


def printed_guide(walk: Walk) -> str:
    """Markdown; nothing foreign in it is read as markup."""
    return "\n".join(_lines(walk)) + "\n"


def _lines(walk: Walk) -> Iterator[str]:
    case = walk.case
    user = f" / {case.username}" if case.username else ""
    yield f"# {escaped(walk.registry + user)}: {escaped(case.old.masked)}"
    yield ""
    yield f"Case {case.id}. The steps, in the order of this case:"
    yield ""
    for line in path_lines(case):
        note = f": {escaped(line.note)}" if line.note else ""
        yield f"{line.number}. [{line.mark}] {line.title}{note}"
    for line in path_lines(case):
        yield ""
        yield f"## {line.number} {line.title}"
        for chapter in STEPS[line.step].chapters(walk):
            yield from _chapter(chapter)


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield ""
    yield f"### {escaped(chapter.title)}"
    for text in chapter.paragraphs:
        yield ""
        yield escaped(text)
    if chapter.rows:
        yield ""
        yield from rows(chapter.rows)
