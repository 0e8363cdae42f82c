"""What the places of a secret in images tell of the Dockerfile that made them: names of variables, paths of files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.images.config import CONFIGURATION, HISTORY
from checks.model.finding import PlaceKind
from guides.case.model import CasePlace

_SETTING = re.compile(r"(?:Env|Labels|history) (?P<name>[A-Za-z_][\w.-]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Told:
    variables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Absolute paths in the image."""

    def __bool__(self) -> bool:
        return bool(self.variables or self.files)


def is_image(place: CasePlace) -> bool:
    return place.kind == PlaceKind.IMAGE


def told_by(places: Iterable[CasePlace]) -> Told:
    """A literal in a command tells nothing more: the Dockerfile spells it itself."""
    variables: dict[str, None] = {}
    files: dict[str, None] = {}
    for place in filter(is_image, places):
        if place.path not in (CONFIGURATION, HISTORY):
            files[f"/{place.path.removeprefix('./').lstrip('/')}"] = None
        elif found := _SETTING.fullmatch(place.field or ""):
            variables[found["name"]] = None
    return Told(tuple(variables), tuple(files))
