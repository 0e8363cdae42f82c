"""Layers that were read, joined to the images that they are part of, and what was found in them told with its place.

For archives and for engines: layers are known by their `Layer.blob`, whatever that is there, and the place's
`repository` is left to the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checks.formats.display import printable
from checks.images.config import ADVICE
from checks.images.history import read_history_line
from checks.images.layers import ReadLayer
from checks.images.model import Image, Layer
from checks.model.finding import Finding, PlaceKind
from checks.trees.contents import Contents

_SHOWN = frozenset({"COPY", "ADD"})
_NAMES = 3
_MOST_IMAGES = 20
"""Of one layer, that are asked whether they hide what it holds."""


@dataclass(slots=True)
class Stay:
    """A layer that was read, and the images that it is part of."""

    read: ReadLayer
    images: list[tuple[Image, Layer]] = field(default_factory=list)


def shown(image: Image) -> str:
    """What people call it: its first tags, or the digest of its configuration."""
    return ", ".join(image.tags[:3]) or image.config_digest


def found_in(stay: Stay, stays: Mapping[str, Stay], contents: Contents, loose: str = "no image") -> Iterator[Finding]:
    """Each finding with the image in which the fewest of these files are hidden, and by what they are.

    `stays` are all layers that were read, by `Layer.blob`. `loose` says whose image does not name the layer.
    """
    paths = {name for name, _ in stay.read.found}
    image, layer, hidden = _best(stay, paths, stays)
    more = len({id(one) for one, _ in stay.images}) - 1
    made_by = _made_by(layer, contents) if layer and paths else None
    for name, finding in stay.read.found:
        parts = [
            finding.title,
            hidden.get(name, ""),
            _also(stay.read.also.get(name, ())),
            f"and in {more} more images" if more > 0 else "",
            "" if layer else f"in a layer that {loose} names",
        ]
        path = name.decode("utf-8", "surrogateescape")
        place = replace(
            finding.place,
            path=path if stay.read.document else f"/{path}",
            kind=PlaceKind.IMAGE,
            image=shown(image) if image else None,
            layer=stay.read.diff_id or (layer.diff_id or layer.digest if layer else "") or None,
            field=finding.place.field if stay.read.document else made_by,
        )
        yield replace(finding, place=place, advice=ADVICE, title=", ".join(part for part in parts if part))


def _also(names: Sequence[bytes]) -> str:
    """Deleting a file does not delete what a hard link names."""
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    listed = [printable(f"/{name.decode('utf-8', 'surrogateescape')}", 80) for name in names[:_NAMES]]
    return f"also as {', '.join(listed)}{more}" if names else ""


def _best(
    stay: Stay, paths: set[bytes], stays: Mapping[str, Stay]
) -> tuple[Image | None, Layer | None, dict[bytes, str]]:
    best: tuple[Image | None, Layer | None, dict[bytes, str]] = (None, None, {})
    for image, layer in stay.images[:_MOST_IMAGES] if paths else ():
        hidden = _hidden(image, layer, paths, stays)
        if not best[0] or len(hidden) < len(best[2]):
            best = image, layer, hidden
        if not hidden:
            break
    return best


def _hidden(image: Image, layer: Layer, paths: set[bytes], stays: Mapping[str, Stay]) -> dict[bytes, str]:
    """For each path the first layer above that deletes or overwrites it, as a clause."""
    left, hidden = set(paths), dict[bytes, str]()
    for above in image.layers[layer.number :]:
        stay = stays.get(above.blob)
        for path, verdict in stay.read.covers.verdicts(left).items() if stay and left else ():
            hidden[path] = f"{verdict} in layer {above.number}, still in layer {layer.number}"
            left.discard(path)
    return hidden


def _made_by(layer: Layer, contents: Contents) -> str:
    """The layer's number and the instruction that made it: no more of a RUN than its name, as it may hold a secret."""
    made = read_history_line(layer.made_by)
    if not made.instruction:
        return f"layer {layer.number}"
    instruction = f"layer {layer.number}: {made.instruction}"
    if made.instruction not in _SHOWN or next(contents.look_at_text("", made.text.encode("utf-8", "replace")), None):
        return instruction
    return printable(f"{instruction} {made.text}", 160)
