"""What a step is made of: chapters to read, and actions that are shown before they are done.

One definition serves the app, the plain terminal and the printed guide: a step touches no screen. It describes what it
needs from the person (`Ask`), and tells what happened (`Told`) while it works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk


class StepFailed(Exception):
    """An action did not come to its end. `reason` says what happened and what stands, `mend` what to do next."""

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(reason if not mend else f"{reason} ({mend})")
        self.reason = reason
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with paragraphs, and rows of two columns below them. Foreign text in it is printable already."""

    title: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


class AskKind(StrEnum):
    TEXT = "text"
    SECRET = "secret"
    CHOICE = "choice"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing the person gives: a text, a secret in our own masked field, a choice, or a typed word."""

    id: str
    kind: AskKind
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    """(answer, label); the first is the one in focus."""
    default: str = ""
    word: str = ""
    """What has to be typed, for an act that cannot be undone."""
    optional: bool = False


Answers = Mapping[str, "str | Secret"]
Perform = Callable[[Answers], Iterator[str]]


@dataclass(frozen=True)
class Offer:
    """An action as it is shown: nothing is done before the person agrees. `effects` say which host sees what."""

    perform: Perform
    effects: tuple[str, ...] = ()
    diff: tuple[str, ...] = ()
    """A masked difference of a file."""
    asks: tuple[Ask, ...] = ()
    verb: str = "Go on"
    """What the confirming button is called."""
    confirm: bool = True
    """Off for what changes nothing and reaches no host, and for what the answers themselves confirm."""

    @property
    def irreversible(self) -> bool:
        return any(ask.kind is AskKind.WORD for ask in self.asks)


@dataclass(frozen=True)
class Action:
    """One thing that can be done now. Preparing it reads files, and raises StepFailed where it cannot be done."""

    id: str
    title: str
    prepare: Callable[[], Offer]
    recommended: bool = False


def action(
    id: str,  # noqa: A002  what the interface calls it
    title: str,
    perform: Perform,
    *,
    effects: tuple[str, ...] = (),
    asks: tuple[Ask, ...] = (),
    verb: str = "Go on",
    confirm: bool = True,
    recommended: bool = False,
) -> Action:
    """An action that needs no preparation."""
    return Action(id, title, lambda: Offer(perform, effects, (), asks, verb, confirm), recommended)


class Step(Protocol):
    """One step, stateless: everything it knows of the case is in the walk."""

    @property
    def id(self) -> StepId: ...

    @property
    def title(self) -> str: ...

    def chapters(self, walk: Walk) -> Iterator[Chapter]:
        """What the person should know here, tailored to this credential."""

    def actions(self, walk: Walk) -> Iterator[Action]:
        """What can be done now, the recommended one first. May read files; touches nothing."""


def text_of(answers: Answers, name: str) -> str:
    value = answers.get(name, "")
    assert isinstance(value, str)
    return value.strip()


def secret_of(answers: Answers, name: str) -> Secret:
    value = answers.get(name)
    if not isinstance(value, Secret) or not value:
        raise StepFailed("nothing was entered")
    return value
