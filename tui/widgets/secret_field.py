"""The field in which a secret is typed or pasted. Textual's own Input keeps, prints, logs and copies its value."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from checks.model.secret import Secret

_MOST = 4096
_DOTS = 40
"""More characters than these do not show as more dots."""


class SecretField(Widget, can_focus=True):
    """Shows dots. The value is in no reactive, message or repr, is never copied, and leaves once, as a Secret.

    The app hands keys and pastes to `take` before Textual dispatches, and so logs, them.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    SecretField { height: 1; padding: 0 1; background: $surface; }
    SecretField:focus { background: $surface-lighten-1; text-style: bold; }
    """

    @dataclass
    class Entered(Message):
        """Enter was pressed. The message holds no value: ask the field for it."""

        field: SecretField

        @property
        def control(self) -> SecretField:
            return self.field

    def __init__(self, label: str, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self.label = label
        self.__typed: list[str] = []

    @property
    def characters(self) -> int:
        return len(self.__typed)

    def take(self, event: events.Key | events.Paste) -> bool:
        """Takes what belongs here out of the event, so that nobody after us can print it."""
        if isinstance(event, events.Paste):
            self._add(event.text)
            event.text = ""
            return True
        if event.key == "enter":
            self.post_message(self.Entered(self))
        elif event.key in ("backspace", "delete"):
            del self.__typed[-1:]
        elif event.key == "ctrl+u":
            self.clear()
        elif event.is_printable and event.character:
            self._add(event.character)
            event.key, event.character = "", None
        else:
            return False
        self.refresh()
        return True

    def _add(self, text: str) -> None:
        """A pasted line's end is not part of a secret; nor is any other control character."""
        wanted = [character for character in text if character.isprintable()]
        self.__typed += wanted[: _MOST - len(self.__typed)]
        self.refresh()

    def hand_over(self) -> Secret:
        """The value, once: the field is empty afterwards."""
        secret = Secret("".join(self.__typed))
        self.clear()
        return secret

    def clear(self) -> None:
        self.__typed = []
        self.refresh()

    def render(self) -> Text:
        dots = "\u2022" * min(len(self.__typed), _DOTS)
        return Text(f"{self.label}  {dots}", no_wrap=True) + Text("_" if self.has_focus else "")
