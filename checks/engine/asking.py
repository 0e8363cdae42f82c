"""All engines of a workstation, one after the other: what one of them does not say is skipped, not the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from checks.engine.endpoints import Unasked, endpoints
from checks.model.finding import Skipped
from checks.model.workstation import Workstation

if TYPE_CHECKING:
    from checks.engine.client import Engine

T = TypeVar("T")


def each_engine(
    workstation: Workstation, check: str, ask: Callable[[Engine], Iterator[T]], *, told: bool = False
) -> Iterator[T | Skipped]:
    """What `ask` says of each engine that answers. It may raise EngineError: what it said before stands.

    `told`: which engines do not answer was told before.
    """
    for endpoint in endpoints(workstation):
        if isinstance(endpoint, Unasked):
            if not told:
                yield Skipped(check, endpoint.shown, endpoint.reason)
            continue
        from checks.engine.client import Engine, EngineError  # the SDK is slow to import: only where an engine is

        try:
            engine = Engine(endpoint, workstation)
        except EngineError as error:
            if not told and not workstation.cancelled.is_set():
                yield Skipped(check, endpoint.shown, str(error))
            continue
        try:
            yield from ask(engine)
        except EngineError as error:
            if not workstation.cancelled.is_set():
                yield Skipped(check, endpoint.shown, str(error))
        finally:
            engine.close()
