"""Keys, and in few words what this is about. `?` opens and closes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.console import Group
from rich.text import Text
from textual.binding import Binding, BindingType

from guides import words
from tui.screens.page import Page
from tui.widgets.columns import chapter, columns, indented

KEYS = {
    "The list": {
        "j k  up down": "one line down, up",
        "g G": "first and last line",
        "ctrl+d ctrl+u": "half a page down, up",
        "enter": "details of this line; tab goes between list and details",
        "/": "filter: words, registry:ghcr, user:alice, severity>=high, -word",
        "s": "sort by severity, registry, or number of places",
        "a": "show or hide what is only possibly a secret",
        "n": "what was not looked at, and why",
        "y": "copy the path of the first place (never a secret)",
        "r": "look again",
    },
    "Mending": {
        "F": "fix everything safe: all plain-text logins into a store, after one preview",
        "m": "move the logins of this registry into a store",
        "u": "undo the last move",
        "h": "how code should read it instead: snippets to copy, or for a new file",
    },
    "Everywhere": {
        "esc": "one level back; clears the filter; stops the scan",
        "ctrl+p": "all commands, by name",
        "?": "this help; again, esc or q to close it",
        "q  ctrl+q": "quit",
    },
}
SUBJECTS = ("docker-credential", "stores", "rotate", "best-practice")


class HelpScreen(Page[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "back", "close", key_display="?"),
        Binding("q,escape", "back", "close", show=False),
    ]

    def on_mount(self) -> None:
        keys = (chapter(title, columns(_rows(rows))) for title, rows in KEYS.items())
        sections = (section for subject in SUBJECTS for section in words.subject(subject).values())
        texts = (chapter(section.title, indented(Text(section.text))) for section in sections)
        self.say("Help", Group(*keys, *texts))


def _rows(rows: dict[str, str]) -> Iterator[tuple[Text, Text]]:
    for key, meaning in rows.items():
        yield Text(f"{key:<14}", "bold"), Text(meaning)
