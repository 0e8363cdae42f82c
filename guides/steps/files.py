"""The files of a case: the ways to change one, shown as masked differences; the change, its proof, and its undo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from checks import container_auth, credential_documents, docker_config
from checks.catalog import by_id
from checks.files.reading import NotRead, read_file
from checks.formats.display import printable, shell_path
from checks.formats.encodings import text_of as decoded
from checks.model.check import Check
from guides.case.model import CaseEdit, CasePlace, EditStage, Settled, StepId
from guides.case.opening import look_again
from guides.case.walk import Walk
from guides.edits import applying
from guides.edits.applying import MOST_BYTES, EditRecord, NotProven
from guides.edits.atomic import NotWritten
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.key_ids import with_key_id
from guides.edits.shells import running_shells
from guides.edits.value_edit import plan_edit, ways_for
from guides.providers.beyond.catalog import holder_of
from guides.steps import referring
from guides.steps.referring import Referred
from guides.steps.step import Action, Answers, Ask, AskKind, Offer, StepFailed, action, text_of
from guides.steps.taught import opens_no_registry
from guides.stores.store import StoreError

OUTCOMES = (("by hand", "done, by hand"), ("left", "left as it is, with a reason"))
LOGIN_CHECKS = (docker_config.id, container_auth.id, credential_documents.id)
"""Checks of files in which user and secret stand in one value."""
LABELS = {
    Way.VALUE: "the new value in its place: works, and is still plain text",
    Way.VARIABLE: "a variable, which gets its value somewhere else",
    Way.REFERENCE: referring.LABEL,
    Way.NOTHING: "nothing: what only held it is taken out",
    Way.MOUNT: "a mount: the build is given it, and the image does not get it",
}


def offer(walk: Walk, path: str) -> Offer:
    """All ways for this file, each with its difference; or what has to be done by hand. Raises StepFailed."""
    edits, to_dos = _planned(walk, path)
    referred = _referred(walk, path, edits, to_dos)
    choices = [(way.value, LABELS[way]) for way in edits]
    effects = [f"{LABELS[way]}: {printable(one.reason, 200)}. {printable(one.how, 300)}" for way, one in to_dos.items()]
    diff: list[str] = []
    for way, edit in edits.items():
        diff += [f"  {LABELS[way]}", *edit.preview, ""]
        effects += [printable(note, 400) for note in edit.notes]
    if referred:
        diff += [*(referred.env_line.preview if referred.env_line else ())]
        effects += [referred.known] if referred.known else []
    if Path(path).name.endswith("history"):
        effects += _open_shells()
    if not edits:
        effects += dict.fromkeys(printable(one.advice, 300) for one in walk.findings if one.place.path == path)
    if Way.VALUE in edits and _renamed(walk) and not _renames(walk, edits[Way.VALUE]):
        effects.insert(0, _renamed(walk))
    return Offer(
        lambda answers: _settle(walk, path, edits, referred, answers),
        tuple(effects),
        tuple(diff),
        (
            Ask("way", AskKind.CHOICE, "What shall stand there?", (*choices, *OUTCOMES)),
            *(referred.asks if referred else ()),
            Ask("note", AskKind.TEXT, "A note (why it stays, who did it)", optional=True),
        ),
        "Change" if edits else "Note it",
        confirm=bool(edits),
    )


def by_hand(walk: Walk, place: CasePlace) -> Offer:
    """A place that the program cannot change: a variable, an image."""
    return Offer(
        lambda answers: _by_hand(walk, place.path, answers),
        (_elsewhere(place),),
        asks=(
            Ask("way", AskKind.CHOICE, "What became of it?", OUTCOMES),
            Ask("note", AskKind.TEXT, "A note (why it stays, who did it)", optional=True),
        ),
        confirm=False,
    )


def outcome(answers: Answers, name: str = "state") -> tuple[Settled, str]:
    """What the person says became of a place. Raises StepFailed for leaving it without a reason."""
    state, note = Settled(text_of(answers, name)), printable(text_of(answers, "note"), 200)
    if state is Settled.LEFT and not note:
        raise StepFailed("what is left as it is needs a reason", "say why in the note")
    return state, note


def undo_action(walk: Walk, number: int, edit: CaseEdit) -> Action:
    return action(
        f"undo-{number}",
        f"Undo the change of {shell_path(edit.record.path, walk.home)}",
        lambda _: undo(walk, edit),
        effects=("The old secret stands there in plain text again.",),
        verb="Undo",
    )


def undo(walk: Walk, edit: CaseEdit) -> Iterator[str]:
    """Puts the old bytes back. Refused where file or store changed since, or the old secret is dead."""
    if walk.case.old.dead is not None:
        raise StepFailed("the old secret is dead: it is not brought back")
    texts = [walk.secrets.get(name) for name in edit.texts]
    removed = tuple(text for text in texts if text)
    if len(removed) != len(texts):
        raise StepFailed("the case's store does not hold any more what was cut out there")
    _mark(walk, edit, EditStage.UNDOING)
    try:
        applying.undo(edit.record, removed, walk.around.workstation.key)
    except NotWritten as error:
        _mark(walk, edit, EditStage.DONE)
        raise StepFailed(str(error)) from None
    walk.settle_places([edit.record.path], Settled.OPEN, "", edits=_marked(walk, edit, EditStage.UNDONE))
    yield f"{shell_path(edit.record.path, walk.home)} is as it was."


def reopen(walk: Walk, path: str) -> None:
    walk.settle_places([path], Settled.OPEN, "")


def recover_edits(walk: Walk) -> None:
    """At the opening of a case: what a program that was killed in an edit left, decided by looking at the files."""
    for edit in walk.case.edits:
        if edit.stage not in (EditStage.BEGUN, EditStage.UNDOING):
            continue
        undoing = edit.stage is EditStage.UNDOING
        found = applying.recover(edit.record, walk.around.workstation.key, undoing=undoing)
        note = f" {found.left} was left there, and may hold a secret: look at it, then delete it." if found.left else ""
        what = "undo" if undoing else "change"
        walk.log(StepId.UPDATE, f"an interrupted {what} of {edit.record.path}: {found.state}.{note}")
        path, way = edit.record.path, edit.record.way
        if found.state is applying.EditState.AFTER:
            edits = _marked(walk, edit, EditStage.DONE)
            walk.settle_places([path], Settled.CHANGED, f"{LABELS[way]} (before an interruption)", way, edits=edits)
        else:
            edits = _marked(walk, edit, EditStage.UNDONE if undoing else EditStage.NOT_DONE)
            walk.settle_places([path], Settled.OPEN, "", edits=edits)


def _planned(walk: Walk, path: str) -> tuple[dict[Way, ValueEdit], dict[Way, ToDo]]:
    secret = walk.old_value()
    if not secret:
        raise StepFailed("the old value is found nowhere any more", "look everywhere again")
    check = check_of(walk, path)
    edits: dict[Way, ValueEdit] = {}
    to_dos: dict[Way, ToDo] = {}
    try:
        text = decoded(read_file(Path(path), MOST_BYTES).data)
    except NotRead as error:
        raise StepFailed(f"{shell_path(path, walk.home)}: {error.reason}") from None
    for way in ways_for(check, Path(path), text):
        value = walk.new() if way is Way.VALUE else None
        if way is Way.VALUE and (not value or (_renamed(walk) and check.id in LOGIN_CHECKS)):
            continue  # a login holds the user as well: docker's own store gets the new one whole
        name = variable_name(walk) if way in (Way.VARIABLE, Way.MOUNT) else ""
        plan = plan_edit(walk.around.workstation, check, Path(path), secret, value, way, name)
        if isinstance(plan, ToDo):
            to_dos[way] = plan
        elif way is Way.VALUE and walk.case.new:
            old, new = walk.case.old, walk.case.new
            named = with_key_id(plan, walk.case.username, new.username)
            edits[way] = with_key_id(named, old.remote_id, new.remote_id)
        else:
            edits[way] = plan
    return edits, to_dos


def _referred(walk: Walk, path: str, edits: dict[Way, ValueEdit], to_dos: dict[Way, ToDo]) -> Referred | None:
    """Adds the way of a reference to what was planned."""
    old = walk.old_value()
    found = referring.planned(walk, check_of(walk, path), Path(path), old, variable_name(walk)) if old else None
    if isinstance(found, Referred):
        edits[Way.REFERENCE] = found.edit
        return found
    if found:
        to_dos[Way.REFERENCE] = found
    return None


def _renamed(walk: Walk) -> str:
    """What has to be changed besides the secret where the new one belongs to another user; else an empty text."""
    new = walk.case.new
    if not new or new.username == walk.case.username:
        return ""
    return (
        f"The new one belongs to {printable(new.username, 60)}, no longer to {printable(walk.case.username, 60)}: "
        "change the user name here as well, by hand; the program changes the secret only."
    )


def _renames(walk: Walk, edit: ValueEdit) -> bool:
    """Whether the edit changes the name too, as it does for a key's id."""
    return walk.case.new is not None and any(cut.new == walk.case.new.username.encode() for cut in edit.cuts)


def variable_name(walk: Walk) -> str:
    """A name for the variable: what a use or its place calls it, else one made of the registry's or issuer's name."""
    named = next((use.name for use in walk.case.uses if use.name.isidentifier()), "")
    if opens_no_registry(walk):
        named = next((name for name in map(holder_of, walk.findings) if name.isidentifier()), named)
    host = (walk.case.registry or walk.provider.id).partition(":")[0]
    made = "".join(char if char.isalnum() and char.isascii() else "_" for char in host).upper()
    return named or f"{'REGISTRY_' if not made[:1].isalpha() else ''}{made}_TOKEN"


def check_of(walk: Walk, path: str) -> Check:
    names = [place.check for place in walk.case.places if place.path == path]
    check = next((found for name in names if (found := by_id(name))), None)
    if not check:
        raise StepFailed(f"no check knows {shell_path(path, walk.home)}", "change it by hand")
    return check


def _settle(
    walk: Walk, path: str, edits: dict[Way, ValueEdit], referred: Referred | None, answers: Answers
) -> Iterator[str]:
    chosen = text_of(answers, "way")
    if chosen not in list(Way):
        yield from _by_hand(walk, path, answers)
        return
    if chosen == Way.REFERENCE and referred:
        referred.check(answers)
        if referred.env_line:
            yield from change(walk, referred.env_line)
    yield from make(walk, edits[Way(chosen)])


def make(walk: Walk, edit: ValueEdit) -> Iterator[str]:
    """Makes an edit that was shown, and looks again."""
    yield from change(walk, edit)
    look_again(walk)
    yield f"Changed: {LABELS[edit.way]}. The file was read again, and the old value is gone from it."
    yield from edit.notes


def change(walk: Walk, edit: ValueEdit) -> Iterator[str]:
    """Journalled before it is done; what is cut out is in the case's store first."""
    try:
        walk.keep_old()
        texts = tuple(walk.secrets.put_text(text) for text in edit.removed) if walk.case.old.dead is None else ()
    except StoreError as error:
        raise StepFailed(f"the file was not touched: {error.reason}", error.mend) from None
    begun = CaseEdit(EditRecord.of(edit), texts, EditStage.BEGUN)
    walk.log(StepId.UPDATE, f"begun: {edit.path}", edits=(*walk.case.edits, begun))
    try:
        applying.apply(edit, Path(begun.record.temporary))
    except (NotWritten, NotProven) as error:
        _mark(walk, begun, EditStage.NOT_DONE)
        raise StepFailed(str(error)) from None
    edits = _marked(walk, begun, EditStage.DONE)
    walk.settle_places([str(edit.path)], Settled.CHANGED, LABELS[edit.way], edit.way, edits=edits)
    yield f"{shell_path(edit.path, walk.home)} was written."


def _mark(walk: Walk, edit: CaseEdit, stage: EditStage) -> None:
    walk.log(StepId.UPDATE, f"{edit.record.path}: {stage}", edits=_marked(walk, edit, stage))


def _marked(walk: Walk, edit: CaseEdit, stage: EditStage) -> tuple[CaseEdit, ...]:
    return tuple(replace(one, stage=stage) if one.record == edit.record else one for one in walk.case.edits)


def _by_hand(walk: Walk, path: str, answers: Answers) -> Iterator[str]:
    state, note = outcome(answers, "way")
    walk.settle_places([path], state, note)
    yield f"Noted: {state}. Looking everywhere again shows whether it is gone."


def _elsewhere(place: CasePlace) -> str:
    if place.kind == "environment":
        return "Open shells and the programs they started have this variable: close them, or unset it in each."
    if place.kind == "image":
        return "An image cannot be changed: build it anew without the secret, and delete this one and its tags."
    if place.kind == "git":
        return "Once the old one is dead, history opens nothing. Whether to clean it all the same is a step of its own."
    return "This place cannot be changed from here."


def _open_shells() -> Iterator[str]:
    running = running_shells()
    names = ", ".join(f"{one.name} {one.pid} on {one.tty}" for one in running.shells)
    if names:
        yield f"These shells are open, and write their own lines back when they end: {printable(names, 300)}."
    elif not running.known:
        yield "Which shells are open cannot be known here: each writes its own lines back when it ends."
