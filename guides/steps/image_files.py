"""The edits of a Dockerfile that made an image with the secret, and of its `.dockerignore`: shown, then made."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from checks import container_builds
from checks.formats.display import printable, shell_path
from checks.model.secret import Secret
from guides.case.walk import Walk
from guides.edits.dockerfile import plan_for_image
from guides.edits.edit import ToDo, ValueEdit
from guides.images.proposing import propose_ignore
from guides.images.told import told_by
from guides.steps import files
from guides.steps.step import Action, Offer, StepFailed


def actions(walk: Walk) -> Iterator[Action]:
    """For each Dockerfile that made an image with the secret, and each that spells it itself."""
    spelling = dict.fromkeys(one.path for one in walk.case.places if one.check == container_builds.id)
    for number, path in enumerate(dict.fromkeys((*walk.case.images.dockerfiles, *spelling))):
        name = shell_path(path, walk.home)
        if path not in spelling:  # that one is a file of the case, which has a change of its own
            yield Action(
                f"dockerfile-{number}", f"Change {name}: a mount for the secret", partial(_edit, walk, Path(path))
            )
        yield Action(f"ignore-{number}", f"Keep files out of the build of {name}", partial(_ignore, walk, Path(path)))


def _old(walk: Walk) -> Secret:
    old = walk.old_value()
    if not old:
        raise StepFailed("the old value is found nowhere any more", "look again at the images")
    return old


def _edit(walk: Walk, dockerfile: Path) -> Offer:
    told = told_by(walk.case.places)
    name = files.variable_name(walk)
    edit = plan_for_image(walk.around.workstation, dockerfile, _old(walk), told.variables, told.files, name)
    return _offer(walk, edit, "nothing of it has to change")


def _ignore(walk: Walk, dockerfile: Path) -> Offer:
    edit = propose_ignore(walk.around.workstation, dockerfile, _old(walk), told_by(walk.case.places))
    return _offer(walk, edit, "nothing that it copies has to be kept out any more")


def _offer(walk: Walk, edit: ValueEdit | ToDo | None, nothing: str) -> Offer:
    if edit is None:
        raise StepFailed(nothing)
    if isinstance(edit, ToDo):
        line = f", line {edit.line}" if edit.line else ""
        raise StepFailed(
            f"{shell_path(edit.path, walk.home)}{line}: {printable(edit.reason)}", printable(edit.how, 400)
        )
    notes = tuple(printable(note, 400) for note in edit.notes)
    return Offer(lambda _: _make(walk, edit), notes, edit.preview, verb="Change")


def _make(walk: Walk, edit: ValueEdit) -> Iterator[str]:
    yield from files.change(walk, edit)
    yield from (printable(note, 400) for note in edit.notes)
