"""One look of the watch: is a copy of either secret here, did plain text come back, does the new one live?

Nothing is sent but the new secret, at most once a day, to hosts that the person approved when the watch began. The old
one is never sent again: whether it stays dead is the provider's to say, or not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable, shell_path
from checks.model.finding import Finding
from guides.case.due import DAY
from guides.case.looking import files_of, look
from guides.case.model import Case, Settled, StepId, Watch
from guides.case.walk import Walk
from guides.edits.edit import Way
from guides.steps.checking import verify_secret
from guides.stores.store import StoreError


def look_once(walk: Walk) -> Iterator[str]:
    """Looks, records what was seen in the case, and tells it line by line."""
    watch = walk.case.watch
    assert watch
    alarms = [*_copies(walk)]
    told = [*alarms]
    verified = watch.verified
    if watch.hosts and not 0 <= walk.around.clock() - watch.verified < DAY:
        verified = walk.around.clock()
        problem, line = _new_one(walk)
        told.append(line)
        alarms += [problem] if problem else []
    seen = "; ".join(told) if told else "nothing"
    now = walk.around.clock()
    fresh = Watch(watch.until, watch.hosts, now, verified, tuple(alarms))
    walk.log(StepId.MONITOR, f"looked: {seen}", watch=fresh)
    yield from told or ["No copy of either secret was found."]
    yield "Whether the old one was tried since is not known here; the pages above show it."


def _copies(walk: Walk) -> Iterator[str]:
    """Places that hold the old or the new secret in plain text, but for those where the person wanted it so."""
    case = walk.case
    wanted = {case.old.fingerprint: "the old one"} | ({case.new.fingerprint: "the new one"} if case.new else {})
    left = {place.path for place in case.places if place.state is Settled.LEFT}
    put = {place.path for place in case.places if place.way == Way.VALUE or place.state is Settled.BY_HAND}
    files = files_of([(place.kind, place.path) for place in case.places])
    workstation = walk.around.workstation
    for finding in look(workstation, lambda secret: walk.fingerprint(secret) in wanted, files):
        assert finding.secret
        which = wanted[walk.fingerprint(finding.secret)]
        if finding.place.path in (put if which == "the new one" else left):
            continue
        yield f"{which} stands in plain text in {_where(walk, finding)}{_came_back(case, finding)}"


def _came_back(case: Case, finding: Finding) -> str:
    known = next((place for place in case.places if place.path == finding.place.path), None)
    settled = known is not None and known.state in (Settled.CHANGED, Settled.BY_HAND)
    return ": it came back" if settled else ""


def _where(walk: Walk, finding: Finding) -> str:
    line = f":{finding.place.line}" if finding.place.line else ""
    return f"{shell_path(finding.place.path, walk.home)}{line}"


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
    line = f"the new one: {found.verdict} ({printable(found.reason, 160)})"
    return (line if found.verdict.dead else ""), line
