"""What only the person can decide, one question after another. Leaving things as they are is the focused answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from checks.formats.display import printable
from guides.move.plan import LEAVE, Question
from tui.screens.page import Page
from tui.widgets.choices import Choices


class QuestionsScreen(Page[dict[str, str]]):
    """Dismissed with an answer for each question, or with nothing when the person goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back"),
    ]

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__()
        self.questions = questions
        self.answers: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        yield from self.banner()
        yield Static(markup=False, id="heading")
        yield Static(markup=False, id="said")
        yield Choices(id="answers", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(Choices).focus()
        self._ask()

    def _ask(self) -> None:
        number = len(self.answers)
        question = self.questions[number]
        title = f"Question {number + 1} of {len(self.questions)}"
        self.query_one("#heading", Static).update(Text(title, "bold"))
        self.query_one("#said", Static).update(Text(printable(question.text, 1000)))
        options = self.query_one(Choices)
        options.clear_options()
        for answer, label in question.choices:
            options.add_option(Option(Text(printable(label, 400)), id=f"answer-{answer}"))
        options.highlighted = next((place for place, (answer, _) in enumerate(question.choices) if answer == LEAVE), 0)

    @on(OptionList.OptionSelected)
    def _answered(self, message: OptionList.OptionSelected) -> None:
        question = self.questions[len(self.answers)]
        self.answers[question.id] = (message.option_id or "").removeprefix("answer-")
        if len(self.answers) == len(self.questions):
            self.dismiss(self.answers)
        else:
            self._ask()

    def action_back(self) -> None:
        """To the question before, then out."""
        if self.answers:
            self.answers.popitem()
            self._ask()
        else:
            self.dismiss()
