"""How code should read what was found: the snippets, those for the finding's own language first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from checks.formats.display import printable, shell_path
from guides.edits.atomic import NotWritten
from guides.snippets.catalog import snippets_for
from guides.snippets.names import NameNotUsable, Names
from guides.snippets.template import Template
from guides.snippets.writing import write
from tui.screens.page import Page
from tui.widgets.choices import Choices
from tui.widgets.confirm import Confirm
from tui.widgets.reading import Reading


class SnippetScreen(Page[None]):
    """A list of snippets, and the text of the one that is chosen: to copy, or for a new file in `folder`."""

    DEFAULT_CSS = """
    SnippetScreen #snippets { height: 30%; min-height: 5; border-bottom: solid $foreground 30%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy"),
        Binding("w", "write", "write to file"),
        Binding("tab", "app.focus_next", "list or text"),
        Binding("escape", "back", "back"),
        Binding("h", "back", "back", show=False),
    ]

    def __init__(self, title: str, names: Names, places: Iterable[PurePath], folder: Path, home: Path) -> None:
        """`title` is what was found, `places` the files that hold it."""
        super().__init__()
        self.heading = f"How code should read {title}"
        self.names = names
        self.folder = folder
        self.home = home
        self.snippets = snippets_for(places)

    def compose(self) -> ComposeResult:
        yield from self.banner()
        yield Static(Text(self.heading, "bold", no_wrap=True, overflow="ellipsis"), markup=False, id="heading")
        yield Choices(*(Option(_line(one)) for one in self.snippets), id="snippets", markup=False)
        yield Reading(Static(markup=False, id="text"), id="body")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(Choices).focus()

    @property
    def chosen(self) -> Template:
        return self.snippets[self.query_one(Choices).highlighted or 0]

    @on(OptionList.OptionHighlighted)
    def _show(self) -> None:
        one = self.chosen
        about = "\n".join(filter(None, (f"{one.title}; {one.proof}.", one.remark)))
        self.query_one("#text", Static).update(Text.assemble((about, "italic"), "\n\n", self._text() or ""))
        self.query_one(Reading).scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _read(self) -> None:
        self.query_one(Reading).focus()

    def _text(self) -> str | None:
        """The snippet, None where the names cannot stand in it."""
        try:
            return self.chosen.render(self.names)
        except NameNotUsable as error:
            self.app.notify(f"{error}", severity="warning", markup=False)
            return None

    def action_copy(self) -> None:
        if text := self._text():
            self.app.copy_to_clipboard(text)
            self.app.notify("copied; a terminal that takes no copies from programs: w writes it", markup=False)

    def action_write(self) -> None:
        """Asks first; a file that is there stays."""
        text, path = self._text(), self.folder / self.chosen.language.file
        if not text:
            return
        where = shell_path(str(path), self.home)

        def answered(sure: bool | None) -> None:
            if sure:
                self._write(path, where, text)

        effects = Text(f"A new file, {len(text.splitlines())} lines; one that is there stays as it is.")
        self.app.push_screen(Confirm(f"Write {where}?", effects, "Write"), answered)

    def _write(self, path: Path, where: str, text: str) -> None:
        try:
            write(path, text)
        except NotWritten as error:
            self.app.notify(printable(str(error), 300), severity="error", markup=False)
        else:
            self.app.notify(f"written: {where}", markup=False)


def _line(one: Template) -> Text:
    text = Text(f"{one.language.title:<32}", "bold", no_wrap=True, overflow="ellipsis")
    return text.append(f" {one.source.words:<28} {one.uses} ({one.label})", "not bold")
