"""Docker's own login: taken out of files by a move, and replaced in the store that docker asks.

The move is the one of `dockhygiene move`: planned, journalled, proven and undoable by itself. Afterwards the store's
record becomes the new login; the old one is in the case's store as long as it may be needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.registry_names import HUB_CONTAINERS_NAME, HUB_SERVER, server_of
from checks.model.secret import Secret
from guides.case.model import Settled, StepId
from guides.case.opening import look_again
from guides.case.walk import Walk
from guides.move.apply import FileWritten, LoginProven, MoveFailed, MoveFinished, RecordStored, apply
from guides.move.logins import CredentialFile, Flavour, read_credential_files
from guides.move.plan import Plan, Wishes, make_plan
from guides.move.resolve import docker_takes
from guides.steps.step import Action, Answers, Ask, AskKind, Offer, StepFailed, text_of
from guides.stores.catalog import choose, stores
from guides.stores.roundtrip import replace as replace_record
from guides.stores.store import Record, Store, StoreError


def give(walk: Walk) -> Action:
    return Action("docker", f"Give docker the new login for {walk.registry}", lambda: _offer(walk))


def held_in(walk: Walk) -> Iterator[str]:
    """Titles of the stores that docker asks and that hold the new login. Nothing where none can be asked."""
    new = walk.case.new
    if not walk.case.registry or not new:
        return
    for store in stores(walk.around.environment):
        try:
            record = store.get(servers(walk)[0])
        except StoreError:
            continue  # it may hold it; then the case's store keeps its copy unless the person says otherwise
        if record and walk.fingerprint(record.secret) == new.fingerprint:
            yield store.title


def _offer(walk: Walk) -> Offer:
    store = _store(walk)
    plan = _plan(walk, store, {})
    new = walk.case.new
    assert new
    diff = tuple(line for change in plan.changes for line in (f"  {change.file.path}", *change.preview))
    effects = [f"{store.title} gets the new one ({new.masked}) of {new.username}: docker reads it from there."]
    effects += list(plan.notes)
    effects += [f"stays: {left.registry} in {left.path}: {left.reason}" for left in plan.left]
    asks = tuple(Ask(one.id, AskKind.CHOICE, one.text, one.choices) for one in plan.questions)
    return Offer(lambda answers: _give(walk, store, answers), tuple(effects), diff, asks, "Give it")


def _store(walk: Walk) -> Store:
    tried = choose(walk.around.environment)
    store = next((one for one, probe in tried if probe.works), None)
    if store is None:
        why = "; ".join(f"{one.title}: {probe.reason}" for one, probe in tried) or "no credential helper is installed"
        raise StepFailed(f"no store works that docker could ask: {why}", "dockhygiene doctor shows how to set one up")
    return store


def _plan(walk: Walk, store: Store, answers: dict[str, str]) -> Plan:
    registry = walk.case.registry
    assert registry
    try:
        files = _files(walk)
        return make_plan(files, store, walk.around.environment, Wishes(frozenset((registry,)), answers))
    except StoreError as error:
        raise StepFailed(f"{store.title} could not be read: {error.reason}", error.mend) from None


def _files(walk: Walk) -> list[CredentialFile]:
    return list(read_credential_files(walk.around.workstation))


def _give(walk: Walk, store: Store, answers: Answers) -> Iterator[str]:
    new, held = walk.new(), walk.case.new
    if not new or not held:
        raise StepFailed("the new secret is not in the case's store any more", "make another one")
    try:
        walk.keep_old()
    except StoreError as error:
        raise StepFailed(f"nothing was changed: {error.reason}", error.mend) from None
    chosen = {name: text_of(answers, name) for name in answers}
    plan = _plan(walk, store, chosen)
    if not plan.empty:
        yield from _moved(walk, plan)
    for server in servers(walk):
        record = Record(server, held.username, new)
        try:
            replace_record(store, record)
        except StoreError as error:
            raise StepFailed(f"{server}: {error.reason}", error.mend) from None
        yield f"{store.title} holds the new login for {server}, and gave it back equal."
    yield _proven(walk, store, new)
    changed = {str(change.file.path) for change in plan.changes}
    if changed:
        walk.settle_places(changed, Settled.CHANGED, f"docker reads the new login from {store.title}")
    else:
        walk.log(StepId.UPDATE, f"docker's login is in {store.title}")
    look_again(walk)


def _moved(walk: Walk, plan: Plan) -> Iterator[str]:
    for event in apply(plan, walk.around.state):
        if isinstance(event, MoveFailed):
            raise StepFailed(event.reason, event.mend or event.remains)
        if isinstance(event, FileWritten):
            yield f"{event.path} was written."
        elif isinstance(event, LoginProven):
            yield f"{event.proof.registry}: {', '.join(event.proof.clients)} resolve it from the store."
        elif isinstance(event, MoveFinished):
            yield f"The move can be undone by itself: dockhygiene undo {event.id}"
        else:
            assert isinstance(event, RecordStored)


def _proven(walk: Walk, store: Store, new: Secret) -> str:
    """Whether docker, by its own rules, now finds the new login in this store."""
    server = servers(walk)[0]
    auth = next((one.auth for one in _files(walk) if one.flavour is Flavour.DOCKER), None)

    def ask(suffix: str, asked: str) -> Record | None:
        return store.get(asked) if suffix == store.id else None

    found = docker_takes(auth, server, ask) if auth else None
    if found and found.secret == new:
        return f"Proven: docker finds the new login of {found.username} in {store.title}."
    return f"docker does not ask {store.title} for {server} yet: run docker login once, or name it in credHelpers."


def servers(walk: Walk) -> tuple[str, ...]:
    """The names under which clients ask a store for this registry."""
    registry = walk.case.registry
    assert registry
    return (HUB_SERVER, HUB_CONTAINERS_NAME) if registry == HUB_CONTAINERS_NAME else (server_of(registry),)
