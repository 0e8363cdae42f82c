"""One provider's account, as the steps use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from guides.registries.network import NetworkFailure
from guides.registries.trouble import ApiError
from guides.steps.step import Action, StepFailed


class Account(Protocol):
    """Each method yields the actions that this provider's API makes possible now; none where it makes none."""

    def evidence(self) -> Iterator[Action]: ...

    def generate(self) -> Iterator[Action]: ...

    def revoke(self) -> Iterator[Action]: ...


@runtime_checkable
class Updating(Protocol):
    """An account with something to say where places are changed, such as a helper that stores no login."""

    def update(self) -> Iterator[Action]: ...


@runtime_checkable
class Testing(Protocol):
    """An account that tries the new credential itself, beside or instead of a registry."""

    def test(self) -> Iterator[Action]: ...


@contextmanager
def asked(mend: str = "") -> Iterator[None]:
    """What goes wrong with a provider's API or on the way to it, as the step's own failure."""
    try:
        yield
    except ApiError as error:
        raise StepFailed(str(error), mend) from None
    except NetworkFailure as error:
        raise StepFailed(str(error), mend or "try again when the network is back") from None
