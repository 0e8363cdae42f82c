"""The images that an archive describes: by docker's `manifest.json`, by OCI's `index.json`, or by both.

Sources: Docker image specification v1.2 ("Combined Image JSON + Filesystem Changeset Format"), OCI image specification
("Image Layout", "Image Index", "Image Manifest"), BuildKit's "Image attestation storage".
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from checks.formats.streams import Damaged
from checks.images.archive import Missing, Store
from checks.images.model import Image, dicts, history_of, layers_of, pairs, text, texts

_MOST_IMAGES = 1000
_MOST_LAYERS = 10_000
_DEEPEST_INDEX = 4
_REFERENCE_TYPE = "vnd.docker.reference.type"
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
"""Annotations that hold a tag: containerd's the whole name, OCI's often the tag alone."""


@dataclass(slots=True)
class Described:
    """What the archive says of itself. Notes are (what, reason) pairs: what could not be read of it."""

    images: list[Image] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Blobs that something refers to."""
    annotations: list[tuple[str, str]] = field(default_factory=list, repr=False)
    """Of manifests and indexes: names and values."""


def images_of(store: Store) -> Described:
    """Never raises: what is damaged or missing becomes a note."""
    described = Described()
    reading = _Reading(store, described)
    if store.place("manifest.json"):
        reading.docker_manifest()
    if store.place("index.json"):
        reading.index("index.json", "", (), 0)
    elif not store.place("manifest.json") and store.place("repositories"):
        described.notes.append(("", "it was written by a docker before 1.10: its configurations are not understood"))
    described.images = _merged(described.images)
    return described


class _Reading:
    def __init__(self, store: Store, described: Described) -> None:
        self._store = store
        self._described = described
        self._seen: set[str] = set()

    def docker_manifest(self) -> None:
        listed = self._json("manifest.json", "")
        for one in listed[:_MOST_IMAGES] if isinstance(listed, list) else ():
            if isinstance(one, dict):
                self._docker_image(one)
        if isinstance(listed, list) and len(listed) > _MOST_IMAGES:
            self._note("manifest.json", f"only the first {_MOST_IMAGES:,} images are looked at")

    def _docker_image(self, described: dict[str, Any]) -> None:
        place = text(described, "Config")
        config = self._json(place, _digest_in(place))
        layers = [(one, "") for one in texts(described, "Layers")]
        self._add(tuple(texts(described, "RepoTags")), place, config, layers)

    def index(self, place: str, digest: str, tags: tuple[str, ...], depth: int) -> None:
        """An index, and all that it leads to; or a manifest, which an index may be mistaken for."""
        if place in self._seen:
            return
        self._seen.add(place)
        node = self._json(place, digest)
        if not isinstance(node, dict):
            return
        self._described.annotations += pairs(node, "annotations")
        if "manifests" not in node:
            self._manifest(node, tags, depth)
            return
        if depth == _DEEPEST_INDEX:
            self._note(place, f"indexes lie more than {_DEEPEST_INDEX} deep in each other")
            return
        for one in dicts(node, "manifests"):
            if len(self._seen) > _MOST_IMAGES:
                self._note(place, f"only the first {_MOST_IMAGES:,} images are looked at")
                return
            found = dict(pairs(one, "annotations"))
            self._described.annotations += found.items()
            name = next((found[key] for key in _NAMES if found.get(key)), "")
            below = text(one, "digest")
            attests = "attestation" if _REFERENCE_TYPE in found else ""
            self.index(_place_of(below), below, (name,) if name else (attests,) if attests else tags, depth + 1)

    def _manifest(self, node: dict[str, Any], tags: tuple[str, ...], depth: int) -> None:
        if depth == 0:
            self._note("index.json", "it names no images")
            return
        described = node.get("config")
        digest = text(described, "digest") if isinstance(described, dict) else ""
        config = self._json(_place_of(digest), digest)
        layers = [(_place_of(text(one, "digest")), text(one, "digest")) for one in dicts(node, "layers")]
        self._add(() if tags == ("attestation",) else tags, _place_of(digest), config, layers, tags == ("attestation",))

    def _add(
        self, tags: tuple[str, ...], place: str, config: Any, blobs: list[tuple[str, str]], attestation: bool = False
    ) -> None:
        if len(blobs) > _MOST_LAYERS:
            self._note(place, f"only the first {_MOST_LAYERS:,} layers are looked at")
        config = config if isinstance(config, dict) else {}
        history = history_of(config)
        layers = layers_of(blobs[:_MOST_LAYERS], config, history)
        found = [replace(layer, blob=self._store.place(layer.blob)) for layer in layers]
        for layer in found:
            if not layer.blob:
                self._note(layer.digest or layer.diff_id or f"layer {layer.number}", "the layer is not in the archive")
        self._described.used |= {layer.blob for layer in found}
        self._described.images.append(
            Image(tags, _digest_in(place), self._store.place(place), config, history, tuple(found), attestation)
        )

    def _json(self, place: str, digest: str) -> Any:
        """What a document says, None where it cannot be read; then there is a note."""
        self._described.used.add(self._store.place(place))
        try:
            data = self._store.document(place)
            if digest.startswith("sha256:") and hashlib.sha256(data).hexdigest() != digest[7:]:
                self._note(place, "its digest is not the one that its name says: it was changed or is damaged")
            return json.loads(data)
        except Missing as error:
            self._note(place or "an unnamed description", str(error))
        except Damaged as error:
            self._note(place, f"not readable: {error}")
        except (ValueError, RecursionError):
            self._note(place, "not readable: no JSON, or more deeply nested than anybody writes it")
        return None

    def _note(self, what: str, reason: str) -> None:
        self._described.notes.append((what, reason))


def _merged(images: list[Image]) -> list[Image]:
    """An image that both descriptions name is one; the index is believed, since it has the layers' digests."""
    merged: dict[tuple[str, tuple[str, ...]], Image] = {}
    for image in images:
        key = image.config_blob, tuple(layer.blob for layer in image.layers)
        before = merged.get(key)
        tags = tuple(dict.fromkeys((*before.tags, *image.tags))) if before else image.tags
        merged[key] = replace(image, tags=_whole(tags))
    return list(merged.values())


def _whole(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Without the short forms of names that are there in full: `1` beside `demo/app:1`."""
    return tuple(tag for tag in tags if not any(other.endswith((f":{tag}", f"/{tag}")) for other in tags))


def _place_of(digest: str) -> str:
    algorithm, _, value = digest.partition(":")
    return f"blobs/{algorithm}/{value}"


def _digest_in(place: str) -> str:
    """The digest that a blob's or an old configuration's name says."""
    name = place.rpartition("/")[2].removesuffix(".json").removeprefix("sha256:")
    return f"sha256:{name}" if len(name) == 64 and not name.strip("0123456789abcdef") else ""
