"""Where a case keeps its secrets: one interface for every such store, and what all of them share."""

from __future__ import annotations

import re
import secrets
import time
from typing import Protocol

from checks.model.secret import Secret
from guides.stores.case.spelling import MOST_BYTES as MOST_BYTES
from guides.stores.store import Probe, StoreError, StoreRefused

PREFIX = "dockhygiene"
_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}"
_NAME = re.compile(rf"{_PART}(?:/{_PART}){{0,2}}")
_PROBE = re.compile(r"probe-([0-9a-f]{1,12})-[0-9a-f]+")

STALE_SECONDS = 600
"""Age from which a probe's value can no longer belong to a probe at work."""


class CaseStore(Protocol):
    """One store. Names are like `7f3a9c21/new`. Methods raise StoreError, and work in any thread."""

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...

    def probe(self) -> Probe:
        """Whether it keeps what it is given, shown by a random value of which nothing stays behind."""

    def get(self, name: str) -> Secret | None:
        """None where nothing is held by this name."""

    def put(self, name: str, secret: Secret) -> None:
        """In the place of what was there; it has been read back equal when this returns.

        When it raises, what was there before still is, or the error says what became of it.
        """

    def erase(self, name: str) -> None:
        """Where nothing is held, nothing happens."""

    def names(self) -> tuple[str, ...]:
        """Every name below our prefix, in order; one whose `put` was killed may have no value yet."""


class WritingStore(CaseStore, Protocol):
    """A store whose own replacing is atomic: the new value stands there, or the old one still does."""

    def write(self, name: str, secret: Secret) -> None: ...


def check_name(name: str) -> None:
    if not is_name(name):
        raise StoreRefused(f"{name!a} is no name that a case's store takes")


def is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def replace(store: WritingStore, name: str, secret: Secret) -> None:
    """Writes the value and reads it back. Raises StoreError, which says what became of the value before."""
    before = store.get(name)
    try:
        store.write(name, secret)
        check_kept(store.title, store.get(name), secret)
    except StoreError as error:
        problem = _put_back(store, name, before)
        if problem:
            raise type(error)(f"{error.reason}; {problem}", error.mend) from None
        raise


def _put_back(store: WritingStore, name: str, before: Secret | None) -> str:
    """After a failed write: makes the store hold what it held before. What could not be done, or nothing."""
    try:
        if store.get(name) != before:
            if before is None:
                store.erase(name)
            else:
                store.write(name, before)
            if store.get(name) != before:
                return f"what {store.title} held as {name} before is lost" if before else f"{name} could not be erased"
    except StoreError:
        if before is None:
            return f"{store.title} may hold a part of {name}"
        return f"whether {store.title} still holds the {name} from before could not be seen"
    return ""


def check_kept(title: str, held: Secret | None, secret: Secret) -> None:
    """After a write: raises StoreError unless the store gave back the same. Compares in constant time."""
    if held != secret:
        raise StoreError(f"{title} gives back something else than what was put in", "use another store")


def probe(store: CaseStore) -> Probe:
    """Puts, gets and erases a random value. What a probe that was killed left behind is erased too."""
    name = f"probe-{int(time.time()):x}-{secrets.token_hex(8)}"
    value = Secret(f"{secrets.token_hex(16)}/\u00fc\u20ac<&>\\\"'\U0001f511\n")
    try:
        store.put(name, value)
    except StoreError as error:
        _leave_nothing(store, name)
        return Probe(False, error.reason, error.mend)
    if problem := _leave_nothing(store, name):
        return Probe(False, f"{store.title} does not erase: {problem}", f"erase {name} by hand")
    _erase_stale(store)
    return Probe(True, f"{store.title} keeps what it is given")


def _leave_nothing(store: CaseStore, name: str) -> str:
    """Erases the probe's value; why it is still there, or nothing."""
    try:
        store.erase(name)
        return "" if store.get(name) is None else "the value is still there"
    except StoreError as error:
        return error.reason


def _erase_stale(store: CaseStore) -> None:
    try:
        for name in store.names():
            made = _PROBE.fullmatch(name)
            if made and int(made[1], 16) < time.time() - STALE_SECONDS:
                store.erase(name)
    except StoreError:
        pass  # a store that keeps what it is given was found, and that is what was asked
