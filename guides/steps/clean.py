"""Clean: images that hold the secret, and whether it is worth taking it out of a repository's history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from checks.formats.display import printable, shell_path
from checks.git.repository import Repository, repository_at
from guides.case.model import Cleaning, CleaningStage, StepId, StepState
from guides.case.walk import Walk
from guides.history import commands
from guides.history.backup import Seal, seals
from guides.history.outcome import outcome_of
from guides.history.rewriting import is_installed
from guides.steps import images
from guides.steps.cleaning import absolute, add, check, clean, cleanings_of, keep, look, recover_cleanings
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, Offer, StepFailed, action, text_of
from guides.steps.taught import paragraphs, titled

id = StepId.CLEAN  # noqa: A001  the protocol's name
title = "Clean"
WORD = Ask("word", AskKind.WORD, "The old one is not proven dead. Type rewrite to clean all the same", word="rewrite")
SEALS = {
    Seal.GPG: "encrypted by gpg, for your own key",
    Seal.AGE: "encrypted by age, for your own key",
    Seal.PLAIN: "not encrypted: it holds the secret in plain text",
}
ENDS = (
    ("pushed", "pushed, and everybody was told"),
    ("waits", "not pushed yet: somebody else does it"),
)


def chapters(walk: Walk) -> Iterator[Chapter]:
    yield from images.chapters(walk)
    if walk.case.repositories:
        yield from _history(walk)


def _history(walk: Walk) -> Iterator[Chapter]:
    yield Chapter("In short", paragraphs(walk, "clean-history", "short"))
    yield titled(walk, "Is it worth it?", "clean-history", "worth", "first")
    yield Chapter("What holds it", rows=tuple(_row(walk, one) for one in cleanings_of(walk)))
    yield titled(walk, "How it is done", "clean-history", "copy", "forms", "replaced", "backup")
    yield titled(walk, "The push", "clean-push", "freeze", "lease", "mirror", "github", "gitlab", "bitbucket")
    for one in walk.case.cleanings:
        if one.stage is CleaningStage.DONE:
            yield from _done(walk, one)
    yield titled(walk, "Every copy", "clean-push", "clones", "own", "reach")


def actions(walk: Walk) -> Iterator[Action]:
    yield from images.actions(walk)
    if walk.case.repositories:
        yield from _history_actions(walk)


def _history_actions(walk: Walk) -> Iterator[Action]:
    cleanings = cleanings_of(walk)
    done = any(one.stage is CleaningStage.DONE for one in cleanings)
    dead = walk.case.old.dead is not None
    if not done:
        yield _leave(walk, recommended=dead)
    for number, one in enumerate(cleanings):
        yield from _of(walk, number, one)
    yield action(
        "name",
        "Name another repository, a mirror clone of the host's for example",
        lambda answers: add(walk, text_of(answers, "path")),
        asks=(Ask("path", AskKind.TEXT, "Its folder"),),
        confirm=False,
    )
    if done:
        yield _finish(walk)


def remains(walk: Walk) -> Iterator[str]:
    """What is left to do at the end of the case: backups that hold the secret."""
    for one in walk.case.cleanings:
        if one.stage is CleaningStage.DONE and one.backup:
            path = shell_path(one.backup, walk.home)
            yield f"A backup holds the secret ({one.seal}): {path}. When it is not needed any more: rm -- {path}"


def _of(walk: Walk, number: int, one: Cleaning) -> Iterator[Action]:
    """What can be done with one repository now."""
    name = shell_path(one.repository, walk.home)
    if one.stage is CleaningStage.BEGUN:
        tidy = "Take back what an interrupted cleaning left"
        yield action(f"tidy-{number}", tidy, lambda _: _tidy(walk), confirm=False, recommended=True)
    elif one.stage is CleaningStage.DONE:
        yield Action(f"check-{number}", f"Prove the clean clone of {name}, or a fresh one", partial(_check, walk, one))
        if one.backup:
            yield action(
                f"deleted-{number}",
                f"The backup of {name} is deleted",
                lambda _: _deleted(walk, one),
                effects=(f"You ran: rm -- {shell_path(one.backup, walk.home)}",),
                confirm=False,
            )
    else:
        yield action(f"look-{number}", f"Count what holds it in {name}", lambda _: look(walk, one), confirm=False)
        if one.found:
            yield Action(f"clean-{number}", f"Clean a fresh clone of {name}", partial(_offer, walk, number, one))


def _offer(walk: Walk, number: int, one: Cleaning) -> Offer:
    if not is_installed():
        raise StepFailed("git-filter-repo is not installed here", "pip install git-filter-repo beside dockhygiene")
    folder = _free(walk.home / f"dockhygiene-clean-{walk.case.id}{f'-{number + 1}' if number else ''}")
    ways = seals(walk.around.environment)
    return Offer(
        lambda answers: _clean(walk, one, answers),
        (
            f"{shell_path(one.repository, walk.home)} is read, and stays as it is. Nothing is pushed.",
            *(f"It holds the secret in: {line}" for line in one.found),
            "A backup of its whole history is written first; then a fresh clone is rewritten, and proven.",
            *paragraphs(walk, "clean-history", "replaced"),
        ),
        asks=(
            Ask("folder", AskKind.TEXT, "Into which folder?", default=str(folder)),
            Ask("seal", AskKind.CHOICE, "And the backup?", tuple((seal.value, SEALS[seal]) for seal in ways)),
            Ask("key", AskKind.TEXT, "For which public key (an address or an id)?", optional=True),
            *(() if walk.case.old.dead is not None else (WORD,)),
        ),
        verb="Clean",
    )


def _clean(walk: Walk, one: Cleaning, answers: Answers) -> Iterator[str]:
    if walk.case.old.dead is None and text_of(answers, "word") != WORD.word:
        raise StepFailed("the old one is not proven dead", "revoke it first")
    recover_cleanings(walk)
    folder = absolute(walk, text_of(answers, "folder"))
    yield from clean(walk, one, folder, Seal(text_of(answers, "seal")), text_of(answers, "key"))
    yield "The commands for the push, for support and for every clone stand in this step's text now."


def _free(folder: Path) -> Path:
    """This folder, or one of the next name that is not there yet."""
    number, free = 1, folder
    while free.exists():
        number, free = number + 1, folder.with_name(f"{folder.name}-again-{number}")
    return free


def _check(walk: Walk, one: Cleaning) -> Offer:
    return Offer(
        lambda answers: check(walk, str(absolute(walk, text_of(answers, "path")))),
        asks=(Ask("path", AskKind.TEXT, "Which one?", default=one.clone),),
        confirm=False,
    )


def _tidy(walk: Walk) -> Iterator[str]:
    recover_cleanings(walk)
    yield walk.case.journal[-1].text


def _deleted(walk: Walk, one: Cleaning) -> Iterator[str]:
    if Path(one.backup).exists():
        raise StepFailed(f"{shell_path(one.backup, walk.home)} is still there", "delete it first")
    keep(walk, replace(one, backup=""), f"the backup of {one.repository} is deleted")
    yield "Noted."


def _leave(walk: Walk, *, recommended: bool) -> Action:
    default = "it is proven dead, and opens nothing" if recommended else ""
    return action(
        "leave",
        "Leave the history as it is",
        lambda answers: _left(walk, answers),
        asks=(Ask("why", AskKind.TEXT, "Why?", default=default),),
        confirm=False,
        recommended=recommended,
    )


def _left(walk: Walk, answers: Answers) -> Iterator[str]:
    why = printable(text_of(answers, "why"), 200)
    if not why:
        raise StepFailed("a history is left with a reason only", "say why")
    images.check_settled(walk)
    walk.record(id, f"left as it is: {why}", state=StepState.SKIPPED)
    yield "The history stays as it is."


def _finish(walk: Walk) -> Action:
    return action(
        "finish",
        "Say what became of it, and go on",
        lambda answers: _finished(walk, answers),
        effects=tuple(remains(walk)),
        asks=(
            Ask("end", AskKind.CHOICE, "What became of the cleaned clone?", ENDS),
            Ask("note", AskKind.TEXT, "A note (who pushes, who was told)", optional=True),
        ),
        confirm=False,
        recommended=True,
    )


def _finished(walk: Walk, answers: Answers) -> Iterator[str]:
    images.check_settled(walk)
    end = dict(ENDS)[text_of(answers, "end")]
    note = printable(text_of(answers, "note"), 160)
    walk.record(id, f"{end}{f': {note}' if note else ''}", "no object and no name of the cleaned clone holds it")
    yield from remains(walk)


def _row(walk: Walk, one: Cleaning) -> tuple[str, str]:
    stage = f" ({one.stage})" if one.stage is not CleaningStage.PLANNED else ""
    return shell_path(one.repository, walk.home), ("; ".join(one.found) or "not counted yet") + stage


def _done(walk: Walk, one: Cleaning) -> Iterator[Chapter]:
    """What a person does with a cleaned clone, in exact commands."""
    clone, found = Path(one.clone), repository_at(Path(one.repository))
    outcome = outcome_of(clone)
    git_folder = found.folder if isinstance(found, Repository) else clone
    name = shell_path(one.repository, walk.home)
    yield Chapter(f"Push {name}", rows=tuple(commands.push(outcome, clone, git_folder, walk.home)))
    commit_map = shell_path(clone / "filter-repo/commit-map", walk.home)
    yield Chapter("For support", rows=(*commands.for_support(outcome), ("The file commit-map", commit_map)))
    yield Chapter("For a clone that is kept", rows=tuple(commands.own_clone(outcome)))
    yield Chapter("The backup", tuple(remains(walk)))
