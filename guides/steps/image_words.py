"""Which places of a case are images or containers, and what is said of them before anything is done."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable
from checks.model.finding import PlaceKind
from guides.case.model import CasePlace
from guides.case.walk import Walk
from guides.images.looking import archive_of
from guides.images.removing import pushed_as
from guides.steps.step import Chapter
from guides.steps.taught import paragraphs, titled

KINDS = (PlaceKind.IMAGE, PlaceKind.CONTAINER)


def is_in_image(place: CasePlace) -> bool:
    return place.kind in KINDS


def places(walk: Walk) -> tuple[CasePlace, ...]:
    """Images and containers that hold the secret."""
    return tuple(filter(is_in_image, walk.case.places))


def names_here(walk: Walk) -> list[str]:
    """Names of images in an engine, each by itself. An archive's names need not be an engine's too."""
    held = [one.image or "" for one in places(walk) if one.kind == PlaceKind.IMAGE and not archive_of(one)]
    return list(dict.fromkeys(name for names in held for name in names.split(", ") if name))


def pushed(walk: Walk) -> Chapter:
    known = tuple(("Known to a registry as", printable(one, 200)) for one in walk.case.images.digests)
    return Chapter("Was it pushed?", paragraphs(walk, "images", "pushed"), (*known, *map(pushed_as, names_here(walk))))


def understood(walk: Walk) -> Iterator[Chapter]:
    """For the step Understand."""
    if places(walk):
        yield Chapter("It is in an image", paragraphs(walk, "images", "short", "valid"))
        yield pushed(walk)


def built(walk: Walk) -> Iterator[Chapter]:
    """For the step Update."""
    if places(walk):
        yield titled(walk, "Images are built anew", "images", "mount", "cases", "run-time", "ignore")
