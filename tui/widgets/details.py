"""The pane that tells one row's story: what it is, why it matters, where it lies, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Group
from rich.text import Text
from textual.widgets import Static

from checks.formats.display import printable
from checks.model.finding import Finding, PlaceKind, Severity
from guides import words
from guides.wording import counted, history_text, place_text
from tui.widgets.columns import columns
from tui.widgets.reading import Reading
from tui.widgets.row import Row

_MOST_PLACES = 50
_BASE64 = "in base64, which is a spelling and not encryption"


class Details(Reading):
    """One row, told from top to bottom."""

    DEFAULT_CSS = """
    Details { padding: 0 1; }
    Details Static { height: auto; }
    """

    def __init__(self, home: Path, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(Static(markup=False, id="story"), id=id)
        self.home = home

    def show(self, row: Row | None) -> None:
        story = self.query_one("#story", Static)
        self.scroll_home(animate=False)
        if row is None:
            story.update("")
            return
        title = Text(row.title, "bold", no_wrap=True, overflow="ellipsis")
        told = ((Text(label.ljust(10), "bold"), Text(text)) for label, text in _story(row, self.home))
        story.update(Group(title, columns(told, indent=0)))


def _story(row: Row, home: Path) -> Iterator[tuple[str, str]]:
    """The next action comes early: it must be seen on the smallest screen too."""
    yield "What it is", _what(row)
    advice = dict.fromkeys(printable(finding.advice, 400) for finding in row.findings if finding.advice)
    yield from _labelled("Next", advice)
    yield from _labelled("Lies in", _places(row, home))
    yield from _labelled("Why", _reasons(row))


def _labelled(label: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(texts):
        yield label if number == 0 else "", text


def _what(row: Row) -> str:
    if not row.credential:
        return f"{row.held}. {words.section('kinds', 'setting').text}"
    known = words.subject("kinds")
    return known.get(row.credential.kind, known["password"]).text


def _reasons(row: Row) -> Iterator[str]:
    """The reasons that fit where it lies, each once, then what is at stake."""
    yield from dict.fromkeys(words.section("why-it-leaks", _reason(finding)).text for finding in row.findings)
    if row.credential:
        yield words.section("what-can-happen", "R2" if row.severity is Severity.CRITICAL else "R0").text


def _reason(finding: Finding) -> str:
    kind, name = finding.place.kind, f"{finding.check} {finding.rule}"
    if kind in (PlaceKind.IMAGE, PlaceKind.CONTAINER):
        return "L5"
    if kind is PlaceKind.GIT or "history" in name:
        return "history"
    if kind is PlaceKind.ENVIRONMENT:
        return "L4"
    if "insecure" in name or "http" in name:
        return "L3"
    return "L1" if finding.secret else "L2"


def _places(row: Row, home: Path) -> Iterator[str]:
    shown = dict.fromkeys(f"{place_text(one.place, home)}   {_remark(one)}" for one in row.findings)
    yield from list(shown)[:_MOST_PLACES]
    if len(shown) > _MOST_PLACES:
        yield f"and in {counted(len(shown) - _MOST_PLACES, 'more place')}"


def _remark(finding: Finding) -> str:
    title = printable(finding.title)
    if finding.history:
        return f"{title}; {history_text(finding)}"
    return f"{title}, {_BASE64}" if finding.locator.endswith("/auth") else title
