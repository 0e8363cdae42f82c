"""What a move is asked to do, handed from screen to screen until it is a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guides.move.plan import Wishes
from tui.session import Session
from tui.store_access import StoreAccess


@dataclass(frozen=True)
class MoveRequest:
    """`registries` empty means all. `hurried` goes on with the first store that works, without asking which."""

    session: Session
    access: StoreAccess
    registries: tuple[str, ...] = ()
    hurried: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    default_store: bool | None = None

    @property
    def wishes(self) -> Wishes:
        return Wishes(self.registries, self.answers, self.default_store)
