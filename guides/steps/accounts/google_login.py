"""Which key of Google's this case is about, wherever its parts stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.model.finding import PlaceKind
from checks.model.secret import Secret
from guides.case.model import Settled
from guides.case.walk import Walk
from guides.registries.google_keys import ServiceKey, Shape, service_key, shape_of
from guides.steps.step import StepFailed

MOST_BYTES = 1 << 20


def old_key(walk: Walk) -> ServiceKey:
    """The case's key; its id is remembered in the case. Raises StepFailed."""
    old = walk.old()
    if not old:
        raise StepFailed("the old key is not at hand any more", "delete it on Google's page, by its id")
    key = service_key(old, _files(walk)) or _known(walk, old)
    if not key:
        raise StepFailed("the key file around it was not found", "delete it on Google's page, by its account")
    case = walk.case
    if case.old.remote_id != key.id:
        username = case.username or key.email
        walk.file.keep(replace(case, username=username, old=replace(case.old, remote_id=key.id)))
    return key


def _known(walk: Walk, old: Secret) -> ServiceKey | None:
    """A private key whose file holds the new one already: its account and id were remembered."""
    email, name = walk.case.username, walk.case.old.remote_id
    if not name or not email.endswith(".gserviceaccount.com"):
        return None
    return ServiceKey(email, name, email.partition("@")[2].partition(".")[0], old)


def new_key(walk: Walk) -> ServiceKey:
    new, held = walk.new(), walk.case.new
    if not new or not held:
        raise StepFailed("the new key is not in the case's store any more", "make another one")
    if found := service_key(new, _files(walk)):
        return found
    return replace(old_key(walk), id=held.remote_id, private_key=new)


def old_shape(walk: Walk) -> Shape:
    old = walk.old()
    return shape_of(old) if old else Shape.JSON


def _files(walk: Walk) -> dict[str, bytes]:
    """The case's files, in which a private key alone has its account and its id beside it."""
    found = {}
    for place in walk.case.places:
        if place.kind == PlaceKind.FILE:
            try:
                found[place.path] = read_file(Path(place.path), MOST_BYTES).data
            except NotRead:
                continue
    return found


def open_files(walk: Walk) -> list[str]:
    """Paths of the case's files that still hold the old one."""
    places = [one for one in walk.case.places if one.kind == PlaceKind.FILE and one.state is Settled.OPEN]
    return list(dict.fromkeys(one.path for one in places))
