"""A whole archive of images: descriptions first, then each layer once, then what was found, with where it lies.

That a later layer deletes a file is known only in the end, when all layers have been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from checks.formats.compression import Budget
from checks.formats.streams import Damaged, Stream
from checks.images.archive import LayoutFolder, Missing, TarStore, open_archive
from checks.images.config import config_findings
from checks.images.joining import Stay, found_in, shown
from checks.images.layers import LayerReader, ReadLayer
from checks.images.manifests import Described, images_of
from checks.images.model import CHECK, Image, Layer
from checks.images.side_by_side import read_side_by_side
from checks.model.finding import Finding, Looked, Observation, PassedOver, Skipped
from checks.model.workstation import Workstation
from checks.trees.contents import Contents

_STRAYS = "files beside the images, which are neither layers nor descriptions"
_DESCRIPTIONS = (".json", "/json", "/VERSION", "oci-layout", "repositories")


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
        self._budget = budget

    def images(self, store: TarStore | LayoutFolder) -> Iterator[Observation]:
        described = images_of(store)
        if store.damage:
            yield self._skipped("", store.damage)
        for what, reason in described.notes:
            yield self._skipped(what, reason)
        for image in described.images:
            for finding in config_findings(image, self._contents, self._workstation):
                yield self._in_image(finding, image)
        stays, strays = self._read_layers(store, described)
        if strays:
            yield self._skipped("", _STRAYS, size=sum(store.sizes(strays).values()) or None, files=len(strays))
        size = 0
        for blob, stay in stays.items():
            size += stay.read.bytes
            yield from self._said(blob, stay)
        yield from self._found(stays)
        for check, failure in self._contents.failures.items():
            yield self._skipped("", f"the check {check} ended with an error of ours: {failure}")
        yield Looked(self._path, size)

    def _read_layers(self, store: TarStore | LayoutFolder, described: Described) -> tuple[dict[str, Stay], list[str]]:
        """By blob; what unpacks to the same layer counts as one. And what turned out to be no layer."""
        users: dict[str, list[tuple[Image, Layer]]] = {}
        for image in described.images:
            for layer in image.layers:
                if layer.blob:
                    users.setdefault(layer.blob, []).append((image, layer))
        loose = [
            name for name in sorted(store.names - described.used - users.keys()) if not name.endswith(_DESCRIPTIONS)
        ]
        stays: dict[str, Stay] = {}
        strays: list[str] = []
        first: dict[str, str] = {}
        for blob, read in self._each(store, [*users, *loose]):
            if blob not in users and not read.found and read.problem and not read.members:
                strays.append(blob)  # it is no layer at all
                continue
            same = first.setdefault(read.diff_id or blob, blob)
            stays.setdefault(same, Stay(read)).images.extend(users.get(blob, ()))
        return stays, strays

    def _each(self, store: TarStore | LayoutFolder, names: list[str]) -> Iterator[tuple[str, ReadLayer]]:
        """On all cores where that can be; else as they come."""
        cancelled = self._workstation.cancelled.is_set
        found = read_side_by_side(
            store.sizes(names),
            self._reader,
            lambda reader, name: next(_read(reader, blob, stream) for blob, stream in store.streams([name])),
            self._contents,
            cancelled,
        )
        if found:
            yield from ((name, found[name]) for name in names if name in found)
            return
        reader = LayerReader(self._workstation, self._contents, self._budget)
        for blob, stream in store.streams(names):
            if cancelled():
                return
            yield blob, _read(reader, blob, stream)

    def _reader(self, processes: int) -> LayerReader:
        return LayerReader(self._workstation, self._contents, Budget(self._budget.left // processes))

    def _said(self, blob: str, stay: Stay) -> Iterator[Observation]:
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

    def _found(self, stays: dict[str, Stay]) -> Iterator[Finding]:
        by_blob = {layer.blob: stay for stay in stays.values() for _, layer in stay.images}
        for blob, stay in stays.items():
            for finding in found_in(stay, by_blob, self._contents, "no image of the archive"):
                place = finding.place
                place = replace(
                    place, repository=self._path, image=place.image or self._path, layer=place.layer or blob
                )
                yield replace(finding, check=CHECK, place=place)

    def _in_image(self, finding: Finding, image: Image) -> Finding:
        place = replace(finding.place, image=shown(image) or self._path, repository=self._path)
        return replace(finding, place=place)

    def _skipped(self, what: str, reason: str, *, size: int | None = None, files: int | None = None) -> Skipped:
        return Skipped(CHECK, f"{self._path} {what}".rstrip(), reason, size=size, files=files)


def _read(reader: LayerReader, blob: str, stream: Stream | Damaged) -> ReadLayer:
    return ReadLayer(problem=str(stream)) if isinstance(stream, Damaged) else reader.read(stream, blob)


def _differs(layer: Layer, read: ReadLayer) -> bool:
    stored = layer.digest.startswith("sha256:") and layer.digest != read.digest
    return bool(read.diff_id) and (stored or (layer.diff_id.startswith("sha256:") and layer.diff_id != read.diff_id))


def _name(read: ReadLayer, stay: Stay, blob: str) -> str:
    return next((f"{shown(image)} layer {layer.number}" for image, layer in stay.images), "") or read.diff_id or blob
