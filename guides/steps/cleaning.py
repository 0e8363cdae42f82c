"""Cleaning histories for one case: what it knows of each repository, the doing, and what an interruption left."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from checks.catalog import CHECKS
from checks.formats.display import printable, shell_path
from checks.git.repository import Repository, repository_at
from checks.git.runner import Git, GitError, git_program
from checks.model.finding import PlaceKind
from checks.model.secret import Secret
from checks.trees.contents import Contents
from guides.case.model import Cleaning, CleaningStage, StepId
from guides.case.walk import Walk
from guides.history import cleaning as history
from guides.history.backup import Seal
from guides.history.cleaning import Order, Plan
from guides.history.recalling import recall
from guides.history.trouble import CleaningFailed
from guides.steps.step import StepFailed
from guides.wording import counted


def cleanings_of(walk: Walk) -> tuple[Cleaning, ...]:
    """One for each repository of the case; one that nobody looked at yet has nothing in `found`."""
    begun = {one.repository: one for one in walk.case.cleanings}
    return tuple(begun.get(name, Cleaning(name, CleaningStage.PLANNED)) for name in walk.case.repositories)


def add(walk: Walk, path: str) -> Iterator[str]:
    """Another repository, a mirror clone of the host's for example. Raises StepFailed."""
    folder = absolute(walk, path)
    _opened(walk, str(folder))
    keep(walk, Cleaning(str(folder), CleaningStage.PLANNED), f"{folder} was named")
    yield f"{shell_path(folder, walk.home)} is one of the case's repositories now."


def look(walk: Walk, one: Cleaning) -> Iterator[str]:
    """Counts what holds the secret. Raises StepFailed."""
    git, _ = _opened(walk, one.repository)
    value = _value(walk)
    yield "Every object is read; this takes as long as reading the whole history once."
    try:
        found = history.plan(git, value, walk.case.username)
    except (CleaningFailed, GitError) as error:
        raise StepFailed(*_reason(error)) from None
    lines = tuple(_told(found))
    keep(walk, replace(one, stage=CleaningStage.PLANNED, found=lines), f"counted in {one.repository}")
    yield from lines


def clean(walk: Walk, one: Cleaning, folder: Path, seal: Seal, recipient: str) -> Iterator[str]:
    """Journalled before it is done; kept as done once it is proven. Raises StepFailed, and nothing is left then."""
    git, repository = _opened(walk, one.repository)
    name = Path(one.repository).name.removesuffix(".git") or "repository"
    order = Order(repository, folder, name, seal, recipient, _value(walk), walk.case.username, walk.around.environment)
    begun = replace(
        one,
        stage=CleaningStage.BEGUN,
        folder=str(folder),
        clone=str(order.clone),
        backup=str(order.backup),
        seal=seal.value,
    )
    try:
        history.prepare(order)
        keep(walk, begun, f"begun: cleaning {one.repository}")
        yield from history.clean(git, order)
    except CleaningFailed as error:
        keep(walk, one, f"not cleaned: {error.reason}")
        raise StepFailed(error.reason, error.mend) from None
    keep(walk, replace(begun, stage=CleaningStage.DONE), f"cleaned and proven: {order.clone}")
    yield f"The cleaned clone: {shell_path(order.clone, walk.home)}. Nothing was pushed."


def check(walk: Walk, path: str) -> Iterator[str]:
    """Proves any clone: the cleaned one, or a fresh one of the host after the push. Raises StepFailed."""
    git, _ = _opened(walk, path)
    try:
        number = history.check(git, _value(walk), walk.case.username)
    except CleaningFailed as error:
        raise StepFailed(error.reason, error.mend) from None
    walk.log(StepId.CLEAN, f"proven to hold it nowhere: {path}")
    yield f"Proven: {counted(number, 'object')} looked at, and none holds it."


def recover_cleanings(walk: Walk) -> None:
    """What a program that was killed in a cleaning left: decided by its folder, since a clone appears when proven."""
    for one in walk.case.cleanings:
        if one.stage is CleaningStage.BEGUN:
            done = history.tidy(Path(one.folder), Path(one.clone), Path(one.backup))
            after = replace(one, stage=CleaningStage.DONE) if done else Cleaning(one.repository, CleaningStage.PLANNED)
            keep(walk, after, f"an interrupted cleaning of {one.repository}: {'it was done' if done else 'taken back'}")


def keep(walk: Walk, one: Cleaning, text: str) -> None:
    """This cleaning in the place of what was known of its repository."""
    others = [other for other in walk.case.cleanings if other.repository != one.repository]
    walk.log(StepId.CLEAN, text, cleanings=(*others, one))


def absolute(walk: Walk, path: str) -> Path:
    """A folder that the person named. Raises StepFailed."""
    text = f"{walk.home}/{path[2:]}" if path.startswith("~/") else path
    if not Path(text).is_absolute():
        raise StepFailed(f"{printable(path) or 'nothing'} is no absolute path", "name it from / or ~/ on")
    return Path(os.path.normpath(text))


def _opened(walk: Walk, path: str) -> tuple[Git, Repository]:
    found = repository_at(Path(path))
    if not isinstance(found, Repository):
        raise StepFailed(f"{shell_path(path, walk.home)} is no repository that can be read", "name its work tree")
    try:
        return Git(git_program(walk.around.environment), found.folder), found
    except GitError as error:
        raise StepFailed(str(error)) from None


def _value(walk: Walk) -> Secret:
    """From the findings, or the case's store, else from the repositories: it is erased once it is proven dead."""
    return walk.old_value() or _recalled(walk)


def _recalled(walk: Walk) -> Secret:
    contents = Contents(walk.around.workstation, CHECKS)
    for repository in walk.case.repositories:
        places = [
            (_within(place.path, place.kind, repository), place.blob)
            for place in walk.case.places
            if place.repository == repository
        ]
        if places and (found := recall(_opened(walk, repository)[0], places, contents, walk.is_old)):
            return found
    raise StepFailed(
        "the secret is found in none of the case's repositories any more, and the case does not keep a dead one",
        "where it stands in another one, scan that repository and open its case from there",
    )


def _within(path: str, kind: str, repository: str) -> str:
    return path if kind == PlaceKind.GIT else os.path.relpath(path, repository)


def _told(found: Plan) -> Iterator[str]:
    for part, number in sorted(found.parts.items()):
        yield f"{part}: {number:,}"
    if not found.parts:
        yield "nothing that a branch, a tag or another reference leads to"
    if found.spellings:
        yield f"spelled: {', '.join(found.spellings)}"
    if found.stash:
        yield "some of it is in the stash"
    if found.notes:
        yield "some of it is in notes"
    if found.unreachable:
        yield f"in this clone only, led to by nothing but perhaps the reflog: {counted(found.unreachable, 'object')}"


def _reason(error: CleaningFailed | GitError) -> tuple[str, str]:
    return (error.reason, error.mend) if isinstance(error, CleaningFailed) else (str(error), "")
