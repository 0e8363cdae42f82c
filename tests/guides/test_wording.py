"""What git knows of a find, in words: never more than the repository can know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.model.finding import Confidence, Finding, History, Place, PlaceKind, Severity
from guides.wording import history_text

GONE = History("Ada", "2024-03-01T10:00:00+02:00", at_head=False, refs=("refs/heads/main",))
PLACE = Place("a.py", PlaceKind.GIT, repository="/r", commit="c" * 40, blob="b" * 40)


def said(history: History | None, place: Place = PLACE) -> str:
    return history_text(Finding("git-history", "r", "t", Severity.HIGH, Confidence.CERTAIN, place, history=history))


@pytest.mark.parametrize(
    ("history", "words"),
    [
        (GONE, "gone from HEAD, not from the history since 2024-03-01 by Ada; not pushed as far as this repository"),
        (GONE._replace(at_head=True), "still there in HEAD since 2024-03-01 by Ada; not pushed"),
        (
            GONE._replace(remotes=("refs/remotes/o/m",), hosts=("github.com", "x.example.com")),
            "; on github.com, x.exam",
        ),
        (GONE._replace(remotes=("refs/remotes/o/m",)), "; on a remote without a host"),
        (GONE._replace(refs=()), "; reached by no branch or tag"),
        (GONE._replace(staged=True), "staged again since 2024-03-01"),
        (History("", "", at_head=False, staged=True), "staged, not committed yet; reached by no branch or tag"),
        (GONE._replace(author="A\x1b[2Jda"), "by A\\x1b[2Jda;"),
    ],
)
def test_states(history: History, words: str) -> None:
    assert words in said(history)


def test_messages_and_objects_that_no_commit_holds() -> None:
    assert said(GONE, replace(PLACE, field="commit message")).startswith("in the history since 2024-03-01")
    kept = said(History("", "", at_head=False), replace(PLACE, commit=None))
    assert kept == "in no commit, but kept by git; reached by no branch or tag"


def test_what_lies_in_no_history_has_no_words() -> None:
    assert said(None) == ""
