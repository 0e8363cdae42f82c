"""How every case and credential stands, from what is written down: nothing is read but the state folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guides.case.due import has_ended, headline, in_watch, is_due
from guides.case.model import Case
from guides.monitor.credentials import Tracked, tracked
from guides.monitor.looking import title_of
from guides.monitor.memory import Memories, Memory
from guides.move.journal import Move
from guides.rotation.due import Age, age_of
from guides.rotation.policy import Policy


@dataclass(frozen=True, slots=True)
class State:
    """One row of the table. Times in seconds since the epoch, None where it never was."""

    id: str
    title: str
    stands: str
    """Where its case stands, or where the credential is kept; a few words."""
    credential: Tracked | None
    age: Age | None
    looked: float | None
    verified: float | None
    old_dead: float | None
    alarms: tuple[str, ...]
    due: tuple[str, ...]
    """What there is to do now, clauses."""


def states(
    cases: Sequence[Case], moves: Sequence[Move], memories: Memories, policy: Policy, now: float
) -> Iterator[State]:
    """The cases, the oldest first, then credentials without one."""
    of_case = {one.case: one for one in tracked(cases, moves) if one.case}
    for case in cases:
        yield _of_case(case, of_case.get(case.id), memories.of, policy, now)
    for one in tracked(cases, moves):
        if not one.case:
            yield _of_credential(one, memories.of.get(one.fingerprint, Memory()), policy, now)


def _of_case(case: Case, one: Tracked | None, memories: Mapping[str, Memory], policy: Policy, now: float) -> State:
    memory = memories.get(one.fingerprint, Memory()) if one and not in_watch(case) else Memory()
    watch = case.watch if in_watch(case) else None
    age = age_of(one, policy, now) if one else None
    accepted = case.new.accepted if case.new else None
    stands = headline(case)
    if watch:
        stands = f"{stands}, {max(0, round((watch.until - now) / 86400))} days to go"
    return State(
        case.id,
        title_of(case.registry, case.username, case.old.masked, f"case {case.id}"),
        stands,
        one,
        age,
        (watch.looked if watch else memory.looked) or None,
        max(accepted or 0.0, memory.verified) or None,
        case.old.dead,
        watch.alarms if watch else memory.alarms,
        tuple(_due(case, age, now)),
    )


def _due(case: Case, age: Age | None, now: float) -> Iterator[str]:
    if has_ended(case, now):
        yield f"the watch is over: dockhygiene fix {case.id} closes it"
    elif is_due(case, now):
        yield "a look is due: dockhygiene monitor --once"
    if case.pending:
        yield f"it was interrupted: dockhygiene fix {case.id}"
    if age and age.due:
        yield f"{age.reason}: dockhygiene rotate {case.id}"


def _of_credential(one: Tracked, memory: Memory, policy: Policy, now: float) -> State:
    age = age_of(one, policy, now)
    due = (f"{age.reason}: dockhygiene rotate {one.id}",) if age.due else ()
    return State(
        one.id,
        title_of(one.registry, one.username, "", one.id),
        f"moved into {one.store}",
        one,
        age,
        memory.looked or None,
        memory.verified or None,
        None,
        memory.alarms,
        due,
    )
