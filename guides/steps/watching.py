"""One look of the watch: is a copy of either secret here, did plain text come back, does the new one live?

Nothing is sent but the new secret, at most once a day, to hosts that the person approved when the watch began. The old
one is never sent again: whether it stays dead is the provider's to say, or not known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from checks.formats.display import printable
from checks.model.finding import Finding
from guides.case.due import DAY
from guides.case.file import read_all
from guides.case.looking import files_of, look
from guides.case.model import Case, Settled, StepId, Watch
from guides.case.walk import Surroundings, Walk
from guides.edits.edit import Way
from guides.steps.checking import verify_secret
from guides.steps.standing import ACTIVE, standing
from guides.stores.store import StoreError
from guides.wording import place_text

_NEW = "the new one: "
"""How the alarm of a refused new one begins: it stands until the next verification, however often is looked."""


def look_once(
    walk: Walk,
    found: Sequence[Finding] | None = None,
    hosts: Collection[str] | None = None,
    more: Sequence[str] = (),
) -> Iterator[str]:
    """Looks, records what was seen in the case, and tells it line by line.

    `found` is what a scan of this workstation has just found, None to look here. `hosts`: only these are contacted of
    those that the person approved, None for all of them. `more`: alarms that whoever looks over all has found.
    """
    watch = walk.case.watch
    assert watch
    alarms = [*copies(walk.around, walk.case, _found(walk) if found is None else found), *more]
    told = [*alarms]
    verified = watch.verified
    stands = [alarm for alarm in watch.alarms if alarm.endswith(ACTIVE)]
    if _may_verify(walk, watch, hosts):
        verified = walk.around.clock()
        problem, line = _new_one(walk)
        told.append(line)
        alarms += [problem] if problem else []
    else:
        stands += [alarm for alarm in watch.alarms if alarm.startswith(_NEW)]
    alarms += stands
    held = standing(walk)
    alarms += [held.says] if held.dead is False else []
    seen = "; ".join([*told, held.says] if held.dead is not None else told) or "nothing"
    fresh = replace(watch, looked=walk.around.clock(), verified=verified, alarms=tuple(alarms))
    walk.log(StepId.MONITOR, f"looked: {seen}", watch=fresh)
    yield from told or ["No copy of either secret was found."]
    yield held.says[:1].upper() + held.says[1:] + "."


def copies(around: Surroundings, case: Case, found: Iterable[Finding]) -> Iterator[str]:
    """Places that hold the old or the new secret in plain text, but for those where the person wanted it so."""
    wanted = {case.old.fingerprint: "the old one"} | ({case.new.fingerprint: "the new one"} if case.new else {})
    left = {place.path for place in case.places if place.state is Settled.LEFT}
    put = {place.path for place in case.places if place.way == Way.VALUE or place.state is Settled.BY_HAND}
    key = around.workstation.key
    for finding in found:
        which = wanted.get(key.of("secret", finding.secret)) if finding.secret else None
        if which is None or finding.place.path in (put if which == "the new one" else left):
            continue
        where = place_text(finding.place, around.workstation.home)
        yield f"{which} stands in plain text in {where}{_came_back(case, finding)}"


def _found(walk: Walk) -> tuple[Finding, ...]:
    case = walk.case
    wanted = {case.old.fingerprint, *((case.new.fingerprint,) if case.new else ())}
    files = files_of([(place.kind, place.path) for place in case.places])
    return look(walk.around.workstation, lambda secret: walk.fingerprint(secret) in wanted, files)


def _came_back(case: Case, finding: Finding) -> str:
    known = next((place for place in case.places if place.path == finding.place.path), None)
    settled = known is not None and known.state in (Settled.CHANGED, Settled.BY_HAND)
    return ": it came back" if settled else ""


def _may_verify(walk: Walk, watch: Watch, hosts: Collection[str] | None) -> bool:
    """Once a day, where every host was approved; never for one that a later case replaces and lets end."""
    if not watch.hosts or not (hosts is None or set(watch.hosts) <= set(hosts)):
        return False
    if 0 <= walk.around.clock() - watch.verified < DAY:
        return False
    new = walk.case.new
    return not any(
        new and one.old.fingerprint == new.fingerprint and one.old.dead is not None
        for one in read_all(walk.around.state).cases
    )


def _new_one(walk: Walk) -> tuple[str, str]:
    """(alarm or an empty text, what to tell) of the day's one verification."""
    held = walk.case.new
    try:
        new = walk.new()
    except StoreError as error:
        return "", f"the new one was not verified: {error.reason}"
    if not new or not held:
        return "", "the new one was not verified: the case's store does not hold it any more"
    found = verify_secret(walk, new, held.username)
    line = f"{_NEW}{found.verdict} ({printable(found.reason, 160)})"
    return (line if found.verdict.dead else ""), line
