"""The credentials that are followed over time: the new one of each case, and logins that were moved into a store.

Known from the cases and the journal of moves alone: nothing is read but the state folder, and nothing is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.formats.registry_names import is_web_login_record, provider_of, registry_of
from checks.model.secret import FingerprintKey, Secret
from guides.case.model import Case, Held, StepId
from guides.case.opening import is_self_hosted
from guides.move.journal import JournalRecord, Move, MoveState


@dataclass(frozen=True, slots=True)
class Tracked:
    """One credential that should be in good health."""

    id: str
    """The first eight digits of its fingerprint."""
    registry: str
    username: str
    provider: str
    form: str
    """What its form says it is (checks.model.secret.Secret.kind); `password` where that was never recorded."""
    masked: str
    """Empty where it was never recorded: a move's journal holds no masked form."""
    fingerprint: str
    since: float
    """When it was made, or when it was first known here; seconds since the epoch."""
    made: bool
    """Whether `since` is when it was made: the age of a moved login is its least age."""
    expires: str = ""
    accepted: float | None = None
    case: str = ""
    """Id of the case that made it."""
    store: str = ""
    """Id of the store that a move put it into."""
    server: str = ""
    """Under which the store holds it."""


def tracked(cases: Iterable[Case], moves: Iterable[Move]) -> tuple[Tracked, ...]:
    """Every credential that is in use as far as is known, the oldest first, each once.

    One that a later case replaces is followed until its end is proven. docker has one login for a registry: the last
    move counts, and a case that made a new one goes before it.
    """
    cases = list(cases)
    ended = {case.old.fingerprint for case in cases if case.old.dead is not None}
    of_cases = [one for case in cases if (one := _of_case(case)) and one.fingerprint not in ended]
    renewed = {case.registry for case in cases if case.new}
    moved = [one for one in _moved(moves) if one.registry not in renewed]
    return tuple(sorted((*of_cases, *moved), key=lambda one: one.since))


def is_it(one: Tracked, secret: Secret, key: FingerprintKey) -> bool:
    """Whether this is its value. A move fingerprints a login, user and all; a case fingerprints the secret."""
    found = key.of("secret", secret) if one.case else key.of("record", one.username, secret)
    return found == one.fingerprint


def superseding(case: Case, cases: Iterable[Case]) -> Case | None:
    """The case that replaces what this one made, begun or ended."""
    new = case.new
    return next((one for one in cases if new and one.old.fingerprint == new.fingerprint and one.id != case.id), None)


def preceding(case: Case, cases: Iterable[Case]) -> Case | None:
    """The case that made what this one replaces."""
    made = (one for one in cases if one.new and one.new.fingerprint == case.old.fingerprint and one.id != case.id)
    return next(made, None)


def _of_case(case: Case) -> Tracked | None:
    new = case.new
    if new is None or case.registry is None:
        return None
    return Tracked(
        new.fingerprint[:8], case.registry, new.username, case.provider, new.kind, new.masked, new.fingerprint,
        _made(case, new), True, new.expires, new.accepted, case.id,
    )  # fmt: skip


def _made(case: Case, new: Held) -> float:
    """The first line of the step that made it; a case that was changed by hand may have none."""
    times = [entry.when for entry in case.journal if entry.step is StepId.GENERATE]
    return next(iter(times), new.accepted or case.opened)


def _moved(moves: Iterable[Move]) -> Iterator[Tracked]:
    last: dict[str, tuple[Move, JournalRecord]] = {}
    for move in sorted(moves, key=lambda one: one.started):
        for record in move.records if move.state is MoveState.DONE else ():
            if not is_web_login_record(record.server):
                last[registry_of(record.server)] = (move, record)
    for registry, (move, record) in last.items():
        provider = provider_of(registry, "password") or ("distribution" if is_self_hosted(registry) else "unknown")
        yield Tracked(
            record.fingerprint[:8], registry, record.username, provider, "password", "", record.fingerprint,
            move.started, False, store=move.store, server=record.server,
        )  # fmt: skip
