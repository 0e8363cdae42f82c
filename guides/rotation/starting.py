"""Opening the case of a rotation: what the last case learned is filled in, and the value is at hand beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from checks.files.state import StateError
from checks.formats.registry_names import HUB_CONTAINERS_NAME, HUB_SERVER, provider_of, server_of
from checks.model.credential import credential_id
from checks.model.finding import Finding
from checks.model.secret import Secret
from guides.case import file
from guides.case.looking import files_of, look
from guides.case.model import Candidate, Case, CaseUse, Held, Order, Settled, StepId, StepState
from guides.case.opening import case_secrets, open_walk, take_in
from guides.case.walk import Surroundings, Walk
from guides.monitor.credentials import Tracked, is_it, superseding
from guides.monitor.looking import value_of
from guides.stores.catalog import stores
from guides.stores.store import StoreError


class NotAtHand(Exception):
    """The value is in no place that is known here: without it nothing can be tried, updated or proven."""


@contextmanager
def rotation(around: Surroundings, one: Tracked, given: Secret | None = None) -> Iterator[Walk]:
    """The case that replaces this credential, a begun one or a new one, held until the end.

    `given` is the value where the person has typed it. Raises NotAtHand, StateError, StoreError.
    """
    cases = file.read_all(around.state).cases
    last = next((case for case in cases if case.id == one.case), None)
    begun = superseding(last, cases) if last else None
    found = _lying(around, one, last)
    value = None if begun else _value(around, one, last, found, given)
    start = begun or _case(around, one, last, value)
    with open_walk(around, start) as walk:
        take_in(walk, found)
        if value:
            _fill_in(walk, value, last)
        yield walk


def _lying(around: Surroundings, one: Tracked, last: Case | None) -> tuple[Finding, ...]:
    """Where it stands in plain text now: in the known places, and in the files of the last case."""
    files = files_of([(place.kind, place.path) for place in last.places]) if last else frozenset()
    return look(around.workstation, lambda secret: is_it(one, secret, around.workstation.key), files)


def _value(
    around: Surroundings, one: Tracked, last: Case | None, found: tuple[Finding, ...], given: Secret | None
) -> Secret:
    if given:
        if not is_it(one, given, around.workstation.key):
            raise NotAtHand("this is another secret than the one that was written down")
        return given
    if found and found[0].secret:
        return found[0].secret
    trouble = ""
    try:
        if value := value_of(around, one, last):
            return value
    except StoreError as error:
        trouble = f" ({error})"
    for store in stores(around.environment):
        try:
            record = store.get(HUB_SERVER if one.registry == HUB_CONTAINERS_NAME else server_of(one.registry))
        except StoreError as error:
            trouble = f" ({error})"
            continue
        if record and is_it(one, record.secret, around.workstation.key):
            return record.secret
    raise NotAtHand(f"its value is in no file and no store that is known here{trouble}")


def _case(around: Surroundings, one: Tracked, last: Case | None, value: Secret | None) -> Case:
    assert value
    key = around.workstation.key
    made = last.new if last and last.new else Held("", "", "")
    old = Held(
        value.masked, value.kind, key.of("secret", value), one.username, label=made.label, remote_id=made.remote_id,
        expires=made.expires, accepted=made.accepted,
    )  # fmt: skip
    fresh = Case(
        credential_id(value, key), around.clock(), one.registry, one.username, one.provider, old,
        order=Order.GENERATE_FIRST,
    )  # fmt: skip
    if last is None:  # a move's journal does not know the form, and the form says who issued it
        return replace(fresh, provider=provider_of(one.registry, value.kind) or one.provider)
    listed = Candidate(made.remote_id, made.label, f"made in case {last.id}") if made.remote_id else None
    return replace(
        fresh,
        store=last.store,
        uses=tuple(_again(last)),
        candidates=(listed,) if listed else (),
        htpasswd=last.htpasswd,
        realms=last.realms,
        notes=last.notes,
    )


def _again(last: Case) -> Iterator[CaseUse]:
    """Every use has to be updated again; what was left alone with a reason stays left."""
    for use in last.uses:
        yield use if use.state is Settled.LEFT else replace(use, state=Settled.OPEN, note="")


def _fill_in(walk: Walk, value: Secret, last: Case | None) -> None:
    """The value is in this case's store before the last one's lets go of it."""
    if walk.case.step(StepId.EVIDENCE).state is StepState.OPEN:
        what = f"what case {last.id} made" if last else "a login that was moved into a store"
        walk.record(StepId.UNDERSTAND, f"a rotation of {what}; make the new one first")
        why = "a healthy one, whose time has come: no misuse was looked for"
        walk.record(StepId.EVIDENCE, why, state=StepState.SKIPPED)
    if not walk.case.old.saved:
        walk.secrets.put("old", value)
        store = walk.secrets.store
        assert store
        walk.log(
            StepId.UPDATE,
            "the old one is in the case's store until it is dead",
            old=replace(walk.case.old, saved=True),
            store=store.id,
        )
    if last and last.new and last.new.saved:
        _let_go(walk.around, last)


def _let_go(around: Surroundings, last: Case) -> None:
    """Of the last case's copy: the rotation's store has it now."""
    try:
        with file.opened(around.state, last) as held:
            case_secrets(around, last).erase("new")
            if held.case.new:
                held.change(new=replace(held.case.new, saved=False))
    except (StateError, StoreError):
        return  # it is open elsewhere, or its store is locked: a second copy of a working secret harms nobody
