"""What a move is asked to do, handed from screen to screen until it is a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from guides.move.plan import Wishes
from guides.stores import catalog
from guides.stores.native import OWN, helper_store
from guides.stores.own.store import own_store
from guides.stores.store import Probe, Store
from tui.session import Session


def named_store(suffix: str, environ: Mapping[str, str]) -> Store:
    """The store that a journal or `credHelpers` names; raises StoreMissing."""
    return own_store(environ) if suffix == OWN else helper_store(suffix, environ)


@dataclass(frozen=True)
class StoreAccess:
    """The ways to a store; a test gives a store of its own."""

    probes: Callable[[Mapping[str, str]], Iterator[tuple[Store, Probe]]] = catalog.probes
    named: Callable[[str, Mapping[str, str]], Store] = named_store


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
