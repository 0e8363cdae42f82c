"""What workers tell the screens, in the past tense. A worker posts these and touches no widget."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:  # for the annotations alone: the first frame does not wait for stores and moves
    from checks.model.finding import Finding
    from checks.scan import Event
    from guides.case.model import Case
    from guides.case.walk import Walk
    from guides.move.apply import MoveEvent
    from guides.move.notice import Notice
    from guides.move.plan import Plan
    from guides.move.undo import UndoPlan
    from guides.steps.step import Offer
    from guides.stores.own.install import InstallPlan
    from guides.stores.pass_setup import PassSetup
    from guides.stores.store import Probe, Store


@dataclass
class EventsArrived(Message):
    """The scan put events into `waiting`; the handler empties it. In a flood one message stands for many."""

    waiting: deque[Event]
    scan: threading.Event | None = None
    """What stops the scan they belong to: it tells one scan from the next."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, EventsArrived) and message.waiting is self.waiting


@dataclass
class ScanEnded(Message):
    seconds: float
    stopped: bool


@dataclass
class NoticesArrived(Message):
    notices: tuple[Notice, ...]


@dataclass
class StoreProbed(Message):
    store: Store
    probe: Probe


@dataclass(frozen=True, slots=True)
class Absence:
    """A known store that is not here, or was refused; `mend` is empty where nothing can be done."""

    title: str
    reason: str
    mend: str


@dataclass
class ProbingEnded(Message):
    absent: tuple[Absence, ...]


@dataclass
class PlanMade(Message):
    plan: Plan


@dataclass
class PlanFailed(Message):
    reason: str
    mend: str


@dataclass
class CopiesFound(Message):
    """After a move: the places where a moved secret still lies."""

    copies: tuple[Finding, ...]


@dataclass
class MoveReported(Message):
    event: MoveEvent


@dataclass
class MoveRefused(Message):
    """The move was not started."""

    reason: str


@dataclass
class UndoPlanned(Message):
    plan: UndoPlan
    store: Store


@dataclass
class UndoRefused(Message):
    reason: str


@dataclass
class FileRestored(Message):
    text: str


@dataclass
class UndoFinished(Message):
    remains: str


@dataclass
class PassPlanned(Message):
    plan: PassSetup


@dataclass
class InstallPlanned(Message):
    plan: InstallPlan


@dataclass
class Installed(Message):
    path: Path


@dataclass
class SetupFailed(Message):
    reason: str
    mend: str


@dataclass
class SetupFinished(Message):
    probe: Probe


@dataclass
class WalkEnded(Message):
    """The person is done with the screens above the list; `changed` when files or stores are other than before."""

    changed: bool


@dataclass
class CasesRead(Message):
    cases: tuple[Case, ...]


@dataclass
class CaseOpened(Message):
    walk: Walk


@dataclass
class CaseRefused(Message):
    """The case cannot be worked on: another program has it open, or its file cannot be read or written."""

    reason: str


@dataclass
class OfferPrepared(Message):
    offer: Offer


@dataclass
class OfferRefused(Message):
    """The action cannot be done, and nothing was."""

    reason: str
    mend: str


@dataclass
class ActionTold(Message):
    text: str


@dataclass
class ActionEnded(Message):
    """With a reason it did not come to its end."""

    reason: str = ""
    mend: str = ""
