"""What is said and done about a secret in images: in Understand and Update, and in Clean until every one is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from checks import container_builds, docker_images
from checks.formats.display import printable, shell_path
from checks.model.finding import PlaceKind, Skipped
from guides.case.model import CasePlace, ImageNotes, Settled, StepId
from guides.case.opening import take_in
from guides.case.walk import Walk
from guides.images import matching, removing
from guides.images.engines import digests, histories
from guides.images.looking import archive_of, look_at_archive, look_at_images
from guides.images.told import told_by
from guides.steps import image_files
from guides.steps.cleaning import absolute
from guides.steps.image_words import KINDS, built, names_here, places, pushed
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, Offer, StepFailed, action, text_of
from guides.steps.taught import paragraphs, titled
from guides.steps.understand import place_text
from guides.wording import counted

OUTCOMES = (("by hand", "removed, and built anew where it is needed"), ("left", "left as it is, with a reason"))


def chapters(walk: Walk) -> Iterator[Chapter]:
    """For the step Clean."""
    if not walk.case.image_places:
        return
    yield Chapter("Images", paragraphs(walk, "images", "short", "valid"))
    yield Chapter("Images that hold it", rows=tuple((place_text(walk, one), _state(one)) for one in places(walk)))
    yield from built(walk)
    if walk.case.images.dockerfiles:
        shown = tuple(("Dockerfile", shell_path(one, walk.home)) for one in walk.case.images.dockerfiles)
        yield Chapter("What made them", rows=shown)
    yield from _commands(walk)
    yield Chapter("The proof", paragraphs(walk, "images", "proof"))


def build_actions(walk: Walk) -> Iterator[Action]:
    """Finding the Dockerfile, and the two edits; for Update and for Clean."""
    yield from image_files.actions(walk)
    if not places(walk):
        return
    yield action("dockerfile", "Look for the Dockerfile that made it", lambda _: _find(walk), confirm=False)
    yield action(
        "dockerfile-named",
        "Name the Dockerfile that made it",
        lambda answers: _name(walk, answers),
        asks=(Ask("path", AskKind.TEXT, "Which file?"),),
        confirm=False,
    )


def actions(walk: Walk) -> Iterator[Action]:
    """For the step Clean."""
    if not walk.case.image_places:
        return
    yield from build_actions(walk)
    if any(one.check == docker_images.id for one in places(walk)):
        yield action("pushed", "Ask the engine here where it was pushed", lambda _: _ask_engine(walk), confirm=False)
    yield action(
        "new-image",
        "Read the new image, from a file of docker save",
        lambda answers: _new_image(walk, answers),
        asks=(Ask("path", AskKind.TEXT, "Which file?"),),
        confirm=False,
    )
    if places(walk):
        yield action("images", "Look again at the images that held it", lambda _: _again(walk), confirm=False)
    for one in still_open(walk):
        yield Action(f"image-{one.id}", f"Settle {place_text(walk, one)}", partial(_settling, walk, one))
    if not still_open(walk) and not walk.case.repositories:
        yield action(
            "images-done",
            "The images are settled: go on",
            lambda answers: _finish(walk, answers),
            asks=(Ask("note", AskKind.TEXT, "A note (who was told, what stays by digest)", optional=True),),
            confirm=False,
            recommended=True,
        )


def still_open(walk: Walk) -> tuple[CasePlace, ...]:
    return tuple(one for one in places(walk) if one.state is Settled.OPEN)


def check_settled(walk: Walk) -> None:
    """Before the step ends. Raises StepFailed."""
    if left := still_open(walk):
        raise StepFailed(f"{counted(len(left), 'image place')} not settled yet", "settle them, or skip the whole step")


def _state(place: CasePlace) -> str:
    return place.state.value + (f": {printable(place.note, 160)}" if place.note else "")


def _commands(walk: Walk) -> Iterator[Chapter]:
    images, archives = names_here(walk), dict.fromkeys(filter(None, map(archive_of, places(walk))))
    rows = tuple(removing.here(images, archives, walk.home))
    yield Chapter("Remove it here", paragraphs(walk, "images", "here"), rows)
    if any(one.kind == PlaceKind.CONTAINER for one in places(walk)):
        yield Chapter("Containers that hold it", paragraphs(walk, "images", "containers"))
    yield pushed(walk)
    yield Chapter("Remove it from the registry", paragraphs(walk, "images-registry", "any"))
    for one in _references(walk):
        words = paragraphs(walk, "images-registry", one.provider)
        yield Chapter(f"At {one.host}: {one.path}", words, tuple(removing.in_registry(one)))
        yield titled(walk, "Who has it", "images-registry", f"{one.provider}-pulled")


def _references(walk: Walk) -> list[removing.Reference]:
    """What registries may know, each repository once: what the engine said, else by the images' own names."""
    told = [removing.reference_of(one) for one in walk.case.images.digests]
    named = [
        removing.reference_of(name)
        for one in places(walk)
        if one.kind == PlaceKind.IMAGE
        for name in (one.image or "").split(", ")
    ]
    found = [one for one in (*told, *named) if one and removing.may_have_been_pushed(one)]
    return list({one.name: one for one in reversed(found)}.values())[::-1]


def _find(walk: Walk) -> Iterator[str]:
    yield "The repositories here are searched for Dockerfiles, and compared with what is known of the image."
    told = told_by(places(walk))
    names = {one.image or "" for one in places(walk)}
    archives = filter(None, map(archive_of, places(walk)))
    steps = {step for path in archives for step in matching.archive_steps(Path(path), names)}
    if any(one.check == docker_images.id for one in places(walk)):
        steps |= {step for lines in histories(walk.around.workstation, names) for step in matching.history_steps(lines)}
    folders = [Path(one) for one in walk.case.repositories if Path(one).is_dir()]
    candidates = matching.dockerfiles(walk.around.workstation, folders)
    found = matching.best_of(candidates, matching.Traces(frozenset(steps), told))
    if not found:
        raise StepFailed("no Dockerfile here fits the image", "name it, where you know it")
    _know(walk, found)
    yield from (f"It fits {shell_path(path, walk.home)}." for path in found)


def _name(walk: Walk, answers: Answers) -> Iterator[str]:
    path = absolute(walk, text_of(answers, "path"))
    if not path.is_file() or not container_builds.claims(path):
        raise StepFailed(f"{shell_path(path, walk.home)} is no Dockerfile", "name the file itself")
    _know(walk, (path,))
    yield f"{shell_path(path, walk.home)} is one of the case's Dockerfiles now."


def _know(walk: Walk, paths: tuple[Path, ...]) -> None:
    known = dict.fromkeys((*walk.case.images.dockerfiles, *map(str, paths)))
    _note(walk, f"Dockerfiles: {', '.join(map(str, paths))}", dockerfiles=tuple(known))


def _note(walk: Walk, text: str, **changes: object) -> None:
    images: ImageNotes = replace(walk.case.images, **changes)  # type: ignore[arg-type]
    walk.log(StepId.CLEAN, text, images=images)


def _ask_engine(walk: Walk) -> Iterator[str]:
    images = {one.image or "" for one in places(walk)}
    known: list[str] = []
    for one in digests(walk.around.workstation, images):
        if isinstance(one, Skipped):
            yield f"{printable(one.path)}: {printable(one.reason)}"
        elif removing.reference_of(one):
            known.append(one)
    _note(walk, f"{counted(len(known), 'digest')} known to registries", digests=tuple(dict.fromkeys(known)))
    yield from (f"It was pushed to, or came from, {printable(one)}." for one in known)
    if not known:
        yield "No registry knows it, as far as this engine tells."


def _new_image(walk: Walk, answers: Answers) -> Iterator[str]:
    path = absolute(walk, text_of(answers, "path"))
    seen = look_at_archive(walk.around.workstation, walk.is_old, path)
    shown = shell_path(path, walk.home)
    if not seen.read:
        reason = next((reason for _, _, reason in seen.skipped), "it holds no image")
        raise StepFailed(f"{shown}: {printable(reason)}", "save it so: docker save --output FILE IMAGE")
    if seen.found:
        where = ", ".join(printable(f"{one.place.path} ({one.place.field})", 120) for one in seen.found[:5])
        raise StepFailed(f"the new image still holds it: {where}", "look at the Dockerfile and the build context again")
    yield from (f"Not read: {printable(path)}: {printable(reason)}" for _, path, reason in seen.skipped)
    proof = f"{path.name} was read, and does not hold it" + (", as far as it could be read" if seen.skipped else "")
    _note(walk, proof, proof=printable(proof, 200))
    yield f"Proven: {printable(proof, 200)}."


def _again(walk: Walk) -> Iterator[str]:
    """Places at which it is not found any more are settled; new ones are taken in."""
    seen = look_at_images(walk.around.workstation, walk.is_old, places(walk))
    if seen.found:
        others = [one for one in walk.findings if one.place.kind not in KINDS]
        take_in(walk, [*others, *seen.found])
    now = {one.id(walk.around.workstation.key) for one in seen.found}
    gone = []
    for place in still_open(walk):
        if place.id in now:
            yield f"Still there: {place_text(walk, place)}."
        elif reason := seen.why_unknown(place):
            yield f"Not known: {place_text(walk, place)}: {printable(reason)}."
        else:
            gone.append(place.id)
    _settle(walk, gone, Settled.CHANGED, "looked again: it is gone")
    if gone:
        yield f"Proven: {counted(len(gone), 'place')} where it is not found any more."
    if gone and not still_open(walk):
        _note(walk, "in no image any more", proof="looked again: no image that held it is left with it")


def _settling(walk: Walk, place: CasePlace) -> Offer:
    return Offer(
        lambda answers: _settle_one(walk, place, answers),
        (place_text(walk, place), "Looking again proves that it is gone, where it can be looked at."),
        asks=(
            Ask("way", AskKind.CHOICE, "What became of it?", OUTCOMES),
            Ask("note", AskKind.TEXT, "A note (why it stays, who did it)", optional=True),
        ),
        confirm=False,
    )


def _settle_one(walk: Walk, place: CasePlace, answers: Answers) -> Iterator[str]:
    state, note = Settled(text_of(answers, "way")), printable(text_of(answers, "note"), 200)
    if state is Settled.LEFT and not note:
        raise StepFailed("what is left as it is needs a reason", "say why in the note")
    _settle(walk, [place.id], state, note)
    yield f"Noted: {state}."


def _settle(walk: Walk, ids: list[str], state: Settled, note: str) -> None:
    changed = tuple(replace(one, state=state, note=note) if one.id in ids else one for one in walk.case.places)
    if ids:
        walk.log(StepId.CLEAN, f"{counted(len(ids), 'image place')}: {state}, {note}", places=changed)


def _finish(walk: Walk, answers: Answers) -> Iterator[str]:
    check_settled(walk)
    note = printable(text_of(answers, "note"), 160)
    walk.record(StepId.CLEAN, f"images settled{f': {note}' if note else ''}", walk.case.images.proof)
    yield "Noted. What is reachable by digest in a registry stays a reason to have revoked it."
