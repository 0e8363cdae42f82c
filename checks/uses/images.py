"""What a file does with the images of a registry: which repository it pulls or pushes, so that a new credential may be
given no more than that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from checks import late
from checks.uses.references import expand
from checks.uses.registries import split_image

_IMAGE = r"(?:[\w.-]{1,200}+(?::\d{1,5}(?=/))?/)?[\w${}().\[\]@:/-]{1,300}+"
_COMMAND = late.compile(
    rf"""\b(?:docker|podman|buildah|nerdctl|crane|skopeo|helm|oras)[ \t]++(?:image[ \t]++)?
        (?P<verb>push|pull|run)[ \t]++(?>(?:--?[\w-]++(?:=\S*+)?[ \t]++){{0,12}})["']?(?P<image>{_IMAGE})""",
    re.VERBOSE,
)
_FIELD = late.compile(
    rf"""(?:--destination[= ]["']?|\btags?:[ \t]*+(?:\|[-+]?[ \t]*+\n[ \t]*+)?["']?(?:-[ \t]++)?["']?
        |\bimages?:[ \t]*+(?:\|[-+]?[ \t]*+\n[ \t]*+)?["']?|[ ]-t[ ]["']?|--tag[= ]["']?)(?P<image>{_IMAGE})""",
    re.VERBOSE,
)
_PUSHES = late.compile(
    r"\bpush:[ \t]*+['\"]?true|--push\b|--destination\b|\bpush[ \t]++[\w$\"'{]|type=registry"
    r"|command:[ \t]*+[\"']?(?:buildAndPush|push)"
)
_MOST = 500
_EXPRESSION = late.compile(r"\$\{\{[^{}\n]{1,300}+\}\}")


class Need(NamedTuple):
    """The first repository that is pushed, else pulled, and whether anything is pushed."""

    repository: str | None
    pushes: bool


def needs_of(text: str, variables: Mapping[str, str]) -> dict[str, Need]:
    """By registry. Linear in the text."""
    text = _EXPRESSION.sub(lambda match: expand(match.group(), variables).replace(" ", ""), text)
    pushing = bool(_PUSHES.search(text))
    found: dict[str, Need] = {}
    for number, match in enumerate(_COMMAND.finditer(text)):
        if number < _MOST:
            _note(found, expand(match["image"], variables), pushes=match["verb"] == "push")
    for number, match in enumerate(_FIELD.finditer(text)):
        if number < _MOST:
            _note(found, expand(match["image"], variables), pushes=pushing)
    return found


def _note(found: dict[str, Need], image: str, *, pushes: bool) -> None:
    registry, repository = split_image(image.rstrip("\"'),;"))
    if not registry:
        return
    known = found.get(registry)
    if not known or (pushes and not known.pushes) or (not known.repository and known.pushes <= pushes):
        found[registry] = Need(
            repository or (known.repository if known else None), pushes or bool(known and known.pushes)
        )
