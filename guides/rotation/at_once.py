"""A whole rotation with one confirmation: generate, update, test, revoke, in this order, by the steps' own actions.

It stops at the first step that is not proven. Everything before it stands, and the guide goes on there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from checks.formats.display import printable, shell_path
from checks.model.finding import PlaceKind
from guides.case.file import read_all
from guides.case.model import Case, Settled, StepId, StepState, Watch
from guides.case.walk import Walk
from guides.edits.edit import Way
from guides.monitor.credentials import preceding
from guides.steps import docker_login, files, monitor, test, update
from guides.steps.accounts import account_for
from guides.steps.checking import destination
from guides.steps.files import LOGIN_CHECKS
from guides.steps.receiving import verify_new
from guides.steps.step import Action, Answers, Ask, AskKind, Offer, StepFailed
from guides.steps.understand import use_line
from guides.stores.catalog import stores
from guides.stores.store import StoreError

TITLE = "Make the new one, update, test and revoke the old one"


def at_once(walk: Walk) -> Action:
    return Action("at-once", TITLE, lambda: plan(walk), recommended=True)


def possible(walk: Walk) -> bool:
    """Whether the provider's API makes a new one and ends the old one; nothing is asked for that."""
    return bool(walk.case.registry and walk.secrets.store and _made_by(walk) and _ended_by(walk))


def plan(walk: Walk) -> Offer:
    """What will be done, all of it, and what the person is asked for. Raises StepFailed where it cannot be done."""
    if walk.case.pending:
        raise StepFailed(f"an earlier call was interrupted: {walk.case.pending.text}", walk.case.pending.mend)
    making, ending = _made_by(walk), _ended_by(walk)
    if not making or not ending or not walk.secrets.store or not walk.case.registry:
        raise StepFailed("this provider's API does not make and end this kind of credential", "go step by step")
    parts = [making.prepare()] if _is_open(walk, StepId.GENERATE) and not walk.case.new else []
    last = ending.prepare()
    asks = {ask.id: ask for offer in (*parts, last) for ask in offer.asks}
    effects = [line for offer in parts for line in offer.effects]
    effects += _updates(walk)
    effects += ["Then the registry is asked for the rights that the uses need.", *destination(walk, "the new one")]
    effects += ["Only when all of that is proven, the old one ends:", *last.effects]
    watch = _last_watch(walk)
    if watch and watch.hosts:
        effects.append(f"Then a watch begins, and verifies the new one once a day at {' and '.join(watch.hosts)}.")
    diff = tuple(line for offer in (*parts, last) for line in offer.diff)
    words = sorted(asks.values(), key=lambda ask: ask.kind is AskKind.WORD)
    return Offer(lambda answers: perform(walk, answers), tuple(effects), diff, tuple(words), "Rotate")


def perform(walk: Walk, answers: Answers) -> Iterator[str]:
    """Does what is still open, one step after the other. Raises StepFailed at the first that is not proven."""
    for step, do in _DOING.items():
        if not _is_open(walk, step):
            continue
        yield f"{step.value.capitalize()}:"
        yield from do(walk, answers)
        if _is_open(walk, step) and step is not StepId.MONITOR:
            raise StepFailed(f"the step {step} is not proven", f"dockhygiene fix {walk.case.id} goes on there")


def _generate(walk: Walk, answers: Answers) -> Iterator[str]:
    if walk.case.new:
        yield from verify_new(walk)
        return
    making = _made_by(walk)
    assert making
    yield from _done(making.prepare(), answers)


def _update(walk: Walk, answers: Answers) -> Iterator[str]:
    if _docker_has_it(walk):
        offer = docker_login.give(walk).prepare()
        if offer.asks:
            raise StepFailed("docker's login needs a choice of yours", f"dockhygiene fix {walk.case.id}")
        yield from offer.perform({})
    ways = _ways(walk)
    for path in _open_files(walk):
        yield from _change(walk, path, ways.get(path, Way.VALUE))
    waiting = [use for use in walk.case.uses if use.state is Settled.OPEN]
    if waiting:
        named = "; ".join(use_line(walk, use) for use in waiting[:3])
        raise StepFailed(
            f"{len(waiting)} uses are changed elsewhere, by a person: {named}",
            f"dockhygiene fix {walk.case.id} says where; then rotate goes on",
        )
    everywhere = next(one for one in update.actions(walk) if one.id == "everywhere")
    yield from _done(everywhere.prepare(), answers)


def _change(walk: Walk, path: str, wanted: Way) -> Iterator[str]:
    """One file, in the way that was chosen for it the last time."""
    new = walk.case.new
    if wanted is Way.VALUE and new and new.username != walk.case.username:
        raise StepFailed(
            f"the new one belongs to {printable(new.username, 60)}, and {shell_path(path, walk.home)} may name the "
            "user too",
            f"dockhygiene fix {walk.case.id} changes it with you; then rotate goes on",
        )
    offer = files.offer(walk, path)
    known = {answer for ask in offer.asks if ask.id == "way" for answer, _ in ask.choices}
    if wanted not in known:
        raise StepFailed(
            f"{shell_path(path, walk.home)} cannot be changed as the last time", f"dockhygiene fix {walk.case.id}"
        )
    yield from offer.perform({"way": wanted.value, "note": ""})


def _test(walk: Walk, answers: Answers) -> Iterator[str]:
    asking = next((one for one in test.actions(walk) if one.id == "pull"), None)
    if asking is None:
        raise StepFailed("no registry is known to ask", "go on by hand")
    yield from _done(asking.prepare(), answers)


def _revoke(walk: Walk, answers: Answers) -> Iterator[str]:
    ending = _ended_by(walk)
    if ending is None:
        raise StepFailed("the provider's API does not end it any more", "revoke it in the browser")
    yield from _done(ending.prepare(), answers)


def _watch(walk: Walk, answers: Answers) -> Iterator[str]:
    beginning = next((one for one in monitor.actions(walk) if one.id == "begin"), None)
    if beginning:
        watch = _last_watch(walk)
        yield from _done(beginning.prepare(), {**answers, "verify": "yes" if watch and watch.hosts else "no"})


_DOING: Mapping[StepId, Callable[[Walk, Answers], Iterator[str]]] = {
    StepId.GENERATE: _generate,
    StepId.UPDATE: _update,
    StepId.TEST: _test,
    StepId.REVOKE: _revoke,
    StepId.MONITOR: _watch,
}


def _done(offer: Offer, answers: Answers) -> Iterator[str]:
    """What was not asked, since only the moment knows it, gets its default; no answer goes where it was not asked."""
    return offer.perform({ask.id: answers.get(ask.id, _default(ask)) for ask in offer.asks})


def _default(ask: Ask) -> str:
    return ask.choices[0][0] if ask.choices else ask.default


def _made_by(walk: Walk) -> Action | None:
    account = account_for(walk)
    return _only(list(account.generate())) if account else None


def _ended_by(walk: Walk) -> Action | None:
    account = account_for(walk)
    return _only(list(account.revoke())) if account else None


def _only(actions: Sequence[Action]) -> Action | None:
    """The one that the account recommends, or the only one there is; naming a file is none that makes or ends."""
    able = [one for one in actions if one.id not in ("file", "commands")]
    best = [one for one in able if one.recommended] or able
    return best[0] if len(best) == 1 else None


def _updates(walk: Walk) -> Iterator[str]:
    if _docker_has_it(walk):
        yield f"docker's store gets the new login for {walk.registry} in the place of the old one."
    ways = _ways(walk)
    for path in _open_files(walk):
        way = ways.get(path, Way.VALUE)
        yield f"{shell_path(path, walk.home)}: {files.LABELS[way]}."
    for use in walk.case.uses:
        if use.state is Settled.OPEN:
            yield f"It stops before the old one ends, for you to change: {use_line(walk, use)}"


def _open_files(walk: Walk) -> list[str]:
    """Files with the old one that a move does not empty."""
    held = [place for place in walk.case.places if place.kind == PlaceKind.FILE and place.state is Settled.OPEN]
    logins = {place.path for place in held if place.check in LOGIN_CHECKS}
    return list(dict.fromkeys(place.path for place in held if place.path not in logins))


def _docker_has_it(walk: Walk) -> bool:
    """Whether docker would send the old one: from a store, or from its file."""
    if any(place.check in LOGIN_CHECKS and place.state is Settled.OPEN for place in walk.case.places):
        return True
    for store in stores(walk.around.environment):
        try:
            record = store.get(docker_login.servers(walk)[0])
        except StoreError:
            continue  # what cannot be asked cannot be given the new one either: the step Update says so
        if record and walk.is_old(record.secret):
            return True
    return False


def _ways(walk: Walk) -> dict[str, Way]:
    last = _last(walk)
    return {place.path: Way(place.way) for place in last.places if place.way} if last else {}


def _last(walk: Walk) -> Case | None:
    return preceding(walk.case, read_all(walk.around.state).cases)


def _last_watch(walk: Walk) -> Watch | None:
    last = _last(walk)
    return last.watch if last else None


def _is_open(walk: Walk, step: StepId) -> bool:
    return walk.case.step(step).state is StepState.OPEN
