"""Update: every place that holds the old one, and every use, gets the new one, or is settled with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from checks.formats.display import printable, shell_path
from checks.model.finding import PlaceKind
from guides.case.model import CasePlace, CaseUse, EditStage, Settled, StepId
from guides.case.opening import look_everywhere, take_in
from guides.case.walk import Walk
from guides.steps import docker_login, files, images, keeping
from guides.steps.accounts import account_for
from guides.steps.accounts.account import Updating
from guides.steps.image_words import KINDS, built, is_in_image
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, Offer, StepFailed, action
from guides.steps.taught import paragraphs, titled
from guides.steps.understand import place_text, use_line
from guides.wording import counted

id = StepId.UPDATE  # noqa: A001  the protocol's name
title = "Update"


def chapters(walk: Walk) -> Iterator[Chapter]:
    yield titled(walk, "Every service, before the old one ends", "revoking", "P2a", "P2b")
    yield Chapter(
        "The places", rows=tuple((place_text(walk, one), _state(one.state, one.note)) for one in walk.case.places)
    )
    if walk.case.uses:
        yield Chapter(
            "The uses", rows=tuple((use_line(walk, one), _state(one.state, one.note)) for one in walk.case.uses)
        )
    yield titled(walk, "Three ways for a file", "update", "choose", "in-place", "variable", "nothing", "by-name")
    yield from built(walk)
    if any("history" in place.check for place in walk.case.places):
        yield titled(walk, "Shell history", "update", "history", "open-shells")
    yield titled(walk, "Read it from the environment", "environment", "E0", "E1", "E2", "E3", "E4", "limits", "build")
    yield titled(walk, "Or from AWS Secrets Manager", "aws", "A0", "A1", "A2")
    yield titled(walk, "Or from HashiCorp Vault", "vault", "V0", "V1", "V2", "V3", "V4", "V5")
    yield titled(walk, "Or from CyberArk Conjur", "conjur", "C0", "C1", "C2")
    yield keeping.why(walk)
    yield Chapter("How it is proven", paragraphs(walk, "update", "verify", "copies"))


def actions(walk: Walk) -> Iterator[Action]:
    open_paths = dict.fromkeys(
        place.path for place in walk.case.places if _is_file(place) and place.state is Settled.OPEN
    )
    if walk.case.registry and walk.case.new:
        yield docker_login.give(walk)
    for number, path in enumerate(open_paths):
        yield Action(
            f"file-{number}",
            f"Change {shell_path(path, walk.home)}",
            partial(files.offer, walk, path),
            recommended=number == 0,
        )
    for number, place in enumerate(walk.case.places):
        if not _is_file(place) and not is_in_image(place) and place.state is Settled.OPEN:
            what = f"Settle {place_text(walk, place)}"
            yield Action(f"place-{number}", what, partial(files.by_hand, walk, place))
    yield from images.build_actions(walk)
    account = account_for(walk)
    if isinstance(account, Updating):
        yield from account.update()
    for number, use in enumerate(walk.case.uses):
        if use.state is Settled.OPEN:
            yield Action(f"use-{number}", f"Settle the use {use_line(walk, use)}", partial(_use, walk, use))
    if walk.case.new:
        yield keeping.keep(walk)
    yield action(
        "everywhere",
        "Look everywhere again, and go on",
        lambda _: _prove(walk),
        confirm=False,
        recommended=not open_paths,
    )
    for number, edit in enumerate(walk.case.edits):
        if edit.stage is EditStage.DONE and walk.case.old.dead is None:
            yield files.undo_action(walk, number, edit)


def _missing(walk: Walk) -> str:
    places = [one for one in walk.case.places if one.state is Settled.OPEN and not is_in_image(one)]
    uses = [use for use in walk.case.uses if use.state is Settled.OPEN]
    parts = [counted(len(places), "place") if places else "", counted(len(uses), "use") if uses else ""]
    left = " and ".join(filter(None, parts))
    return f"{left} not settled yet" if left else ""


def _use(walk: Walk, use: CaseUse) -> Offer:
    """A use that the program cannot reach: the page or the command, and the person's word."""
    how = printable(use.update, 300) or "in the service itself"
    return Offer(
        lambda answers: _settle_use(walk, use, answers),
        (f"{use_line(walk, use)}", f"Change it here: {how}"),
        asks=(
            Ask("state", AskKind.CHOICE, "What became of it?", files.OUTCOMES),
            Ask("note", AskKind.TEXT, "A note (who did it, or why it stays)", optional=True),
        ),
        confirm=False,
    )


def _settle_use(walk: Walk, use: CaseUse, answers: Answers) -> Iterator[str]:
    state, note = files.outcome(answers)
    uses = tuple(replace(one, state=state, note=note) if one.id == use.id else one for one in walk.case.uses)
    walk.log(id, f"{use.path}: {state}, {note}", uses=uses)
    yield f"Noted: {state}."


def _prove(walk: Walk) -> Iterator[str]:
    """Looks at this whole workstation once more: the old one must be nowhere but where it was left on purpose."""
    found, missed = look_everywhere(walk)
    take_in(walk, found)
    yield from missed
    left = {place.path for place in walk.case.places if place.state is Settled.LEFT}
    elsewhere = [one for one in found if one.place.kind not in KINDS]  # images are removed in a step of their own
    still = sorted({one.place.path for one in elsewhere if one.place.path not in left})
    if still:
        for path in still:
            files.reopen(walk, path)
        where = ", ".join(shell_path(path, walk.home) for path in still)
        raise StepFailed(f"the old one is still found in {where}", "settle these places")
    if reason := _missing(walk):
        raise StepFailed(reason, "settle them, or say why they stay as they are")
    changed = sum(place.state is Settled.CHANGED for place in walk.case.places)
    note = f"{changed} of {counted(len(walk.case.places), 'place')} changed" if changed else "settled by hand"
    proof = "a scan found the old one nowhere" + (" but where it was left" if left else "")
    walk.record(id, note, proof)
    yield f"Proven: {proof}."


def _state(state: Settled, note: str) -> str:
    return state.value + (f": {printable(note, 160)}" if note else "")


def _is_file(place: CasePlace) -> bool:
    return place.kind == PlaceKind.FILE
