"""A whole archive of images: descriptions first, then each layer once, then what was found, with where it lies.

That a later layer deletes a file is known only in the end, when all layers have been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from checks.formats.compression import Budget
from checks.formats.display import printable
from checks.formats.streams import Damaged
from checks.images.archive import LayoutFolder, Missing, Store, open_archive
from checks.images.config import ADVICE, config_findings
from checks.images.history import read_history_line
from checks.images.layers import LayerReader, ReadLayer
from checks.images.manifests import Described, images_of
from checks.images.model import CHECK, Image, Layer
from checks.model.finding import Finding, Looked, Observation, PassedOver, PlaceKind, Skipped
from checks.model.workstation import Workstation
from checks.trees.contents import Contents

_DESCRIPTIONS = (".json", "/json", "/VERSION", "oci-layout", "repositories")
_SHOWN = frozenset({"COPY", "ADD"})
_LOOSE = "in a layer that no image of the archive names"


@dataclass(slots=True)
class _Stay:
    """A layer that was read, and the images that it is part of."""

    read: ReadLayer
    images: list[tuple[Image, Layer]] = field(default_factory=list)


def read_archive(workstation: Workstation, path: Path, contents: Contents) -> Iterator[Observation]:
    """What the images in this file give away; nothing where it is an archive of something else."""
    budget = Budget()
    try:
        with open_archive(path, budget) as store:
            if store:
                yield from _Reading(workstation, path, contents, budget).images(store)
    except Missing:
        return
    except Damaged as error:
        yield Skipped(CHECK, str(path), str(error))


def read_layout(workstation: Workstation, folder: Path, contents: Contents) -> Iterator[Observation]:
    """The same for a folder in the OCI image layout."""
    try:
        store = LayoutFolder(folder)
    except OSError as error:
        yield Skipped(CHECK, str(folder), f"not readable: {error.strerror}")
        return
    yield from _Reading(workstation, folder, contents, Budget()).images(store)


class _Reading:
    def __init__(self, workstation: Workstation, path: Path, contents: Contents, budget: Budget) -> None:
        self._workstation = workstation
        self._path = str(path)
        self._contents = contents
        self._layers = LayerReader(workstation, contents, budget)

    def images(self, store: Store) -> Iterator[Observation]:
        described = images_of(store)
        if store.damage:
            yield self._skipped("", store.damage)
        for what, reason in described.notes:
            yield self._skipped(what, reason)
        for image in described.images:
            for finding in config_findings(image, self._contents, self._workstation):
                yield self._in_image(finding, image)
        stays = self._read_layers(store, described)
        size = 0
        for blob, stay in stays.items():
            size += stay.read.bytes
            yield from self._said(blob, stay)
        yield from self._found(stays)
        for check, failure in self._contents.failures.items():
            yield self._skipped("", f"the check {check} ended with an error of ours: {failure}")
        yield Looked(self._path, size)

    def _read_layers(self, store: Store, described: Described) -> dict[str, _Stay]:
        """By blob; what unpacks to the same layer counts as one."""
        users: dict[str, list[tuple[Image, Layer]]] = {}
        for image in described.images:
            for layer in image.layers:
                if layer.blob:
                    users.setdefault(layer.blob, []).append((image, layer))
        loose = [
            name for name in sorted(store.names - described.used - users.keys()) if not name.endswith(_DESCRIPTIONS)
        ]
        stays: dict[str, _Stay] = {}
        first: dict[str, str] = {}
        for blob, stream in store.streams([*users, *loose]):
            if self._workstation.cancelled.is_set():
                break
            read = (
                self._layers.read(stream, blob) if not isinstance(stream, Damaged) else ReadLayer(problem=str(stream))
            )
            if blob not in users and not read.found and read.problem and not read.members:
                continue  # it is no layer at all
            same = first.setdefault(read.diff_id or blob, blob)
            stays.setdefault(same, _Stay(read)).images.extend(users.get(blob, ()))
        return stays

    def _said(self, blob: str, stay: _Stay) -> Iterator[Observation]:
        read = stay.read
        if read.problem:
            yield self._skipped(_name(read, stay, blob), f"the layer was not read to its end: {read.problem}")
        elif any(_differs(layer, read) for _, layer in stay.images):
            yield self._skipped(
                _name(read, stay, blob), "its digest is not the one that the image names: it was changed or is damaged"
            )
        for one in read.said:
            path = f"{self._path} {one.path}"
            yield replace(one, path=path) if isinstance(one, PassedOver) else replace(one, check=CHECK, path=path)
        for reason, (files, size) in read.skipped.items():
            yield self._skipped(_name(read, stay, blob), reason, size=size, files=files)

    def _found(self, stays: dict[str, _Stay]) -> Iterator[Finding]:
        by_blob = {layer.blob: stay for stay in stays.values() for _, layer in stay.images}
        for blob, stay in stays.items():
            paths = {name for name, _ in stay.read.found}
            if not paths:
                continue
            image, layer, hidden = self._best(stay, paths, by_blob)
            for name, finding in stay.read.found:
                yield self._in_layer(finding, name, stay, image, layer, hidden.get(name, ""), blob)

    def _best(
        self, stay: _Stay, paths: set[bytes], by_blob: dict[str, _Stay]
    ) -> tuple[Image | None, Layer | None, dict[bytes, str]]:
        """The image in which the fewest of these files are hidden, and by what."""
        best: tuple[Image | None, Layer | None, dict[bytes, str]] = (None, None, {})
        for image, layer in stay.images[:20]:
            hidden = _hidden(image, layer, paths, by_blob)
            if not best[0] or len(hidden) < len(best[2]):
                best = image, layer, hidden
            if not hidden:
                break
        return best

    def _in_layer(
        self,
        finding: Finding,
        name: bytes,
        stay: _Stay,
        image: Image | None,
        layer: Layer | None,
        hidden: str,
        blob: str,
    ) -> Finding:
        more = len({id(one) for one, _ in stay.images}) - 1
        parts = [finding.title, hidden, f"and in {more} more images" if more > 0 else "", "" if layer else _LOOSE]
        path = name.decode("utf-8", "surrogateescape")
        place = replace(
            finding.place,
            path=f"/{path}" if not stay.read.document else path,
            kind=PlaceKind.IMAGE,
            repository=self._path,
            image=_shown(image) or self._path,
            layer=stay.read.diff_id or (layer and (layer.diff_id or layer.digest)) or blob,
            field=finding.place.field if stay.read.document else _made_by(layer, self._contents),
        )
        return replace(
            finding, check=CHECK, place=place, advice=ADVICE, title=", ".join(part for part in parts if part)
        )

    def _in_image(self, finding: Finding, image: Image) -> Finding:
        place = replace(finding.place, image=_shown(image) or self._path, repository=self._path)
        return replace(finding, place=place)

    def _skipped(self, what: str, reason: str, *, size: int | None = None, files: int | None = None) -> Skipped:
        return Skipped(CHECK, f"{self._path} {what}".rstrip(), reason, size=size, files=files)


def _hidden(image: Image, layer: Layer, paths: set[bytes], by_blob: dict[str, _Stay]) -> dict[bytes, str]:
    """For each path the first layer above that deletes or overwrites it, as a clause."""
    left, hidden = set(paths), dict[bytes, str]()
    for above in image.layers[layer.number :]:
        stay = by_blob.get(above.blob)
        if stay and left:
            for path, verdict in stay.read.covers.verdicts(left).items():
                hidden[path] = f"{verdict} in layer {above.number}, still in layer {layer.number}"
                left.discard(path)
    return hidden


def _differs(layer: Layer, read: ReadLayer) -> bool:
    stored = layer.digest.startswith("sha256:") and layer.digest != read.digest
    return bool(read.diff_id) and (stored or (layer.diff_id.startswith("sha256:") and layer.diff_id != read.diff_id))


def _shown(image: Image | None) -> str:
    if not image:
        return ""
    return ", ".join(image.tags[:3]) or image.config_digest


def _name(read: ReadLayer, stay: _Stay, blob: str) -> str:
    return next((f"{_shown(image)} layer {layer.number}" for image, layer in stay.images), "") or read.diff_id or blob


def _made_by(layer: Layer | None, contents: Contents) -> str | None:
    """The layer's number and the instruction that made it: no more of a RUN than its name, as it may hold a secret."""
    if not layer:
        return None
    made = read_history_line(layer.made_by)
    if not made.instruction:
        return f"layer {layer.number}"
    shown = f"layer {layer.number}: {made.instruction}"
    if made.instruction not in _SHOWN or next(contents.look_at_text("", made.text.encode("utf-8", "replace")), None):
        return shown
    return printable(f"{shown} {made.text}", 160)
