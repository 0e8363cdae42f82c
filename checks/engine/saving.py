"""What `docker save` sends, read in passing: nothing is written, nothing is read twice, and no layer is held.

A layer is known by its content, since docker before version 25, docker since, containerd's store and Podman name it in
four ways; so is a description, of which the few are kept until the end, where the manifest stands.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from checks.engine.known_layers import KnownLayers
from checks.formats.compression import Packing, packing_of
from checks.formats.streams import CHUNK, Chunks, Damaged, Stream
from checks.formats.tar import BLOCK, Kind, TarReader, is_tar
from checks.images.archive import Blob, Missing
from checks.images.layers import LayerReader, ReadLayer
from checks.images.model import MOST_DOCUMENT

_MOST_KEPT = 64 * 1024 * 1024
"""Bytes of descriptions of one save."""
_MOST_MEMBERS = 500_000
CHANGED = "it is not the layer that was known by this name: the next scan reads it"


class PassedLayer(NamedTuple):
    """A layer as it went by: `name` is what the save calls it. Known ones were not looked into again."""

    name: str
    read: ReadLayer
    known: bool


@dataclass(slots=True)
class Descriptions:
    """The documents of a save, as a store in which the images are looked up (`checks.images.manifests.images_of`)."""

    documents: dict[str, bytes] = field(default_factory=dict, repr=False)
    damage: str = ""
    """Why the save was not read to its end; a clause for people."""
    names: frozenset[str] = frozenset()
    """Of layers: those have gone by."""

    def place(self, name: str) -> str:
        name = posixpath.normpath(name).lstrip("/")
        return name if name in self.documents else ""

    def document(self, name: str) -> bytes:
        try:
            return self.documents[self.place(name)]
        except KeyError:
            raise Missing("it is not in what was saved") from None

    def streams(self, names: Sequence[str]) -> Iterator[Blob]:
        for name in names:
            yield name, Held(self.documents[name])


class Held(Chunks):
    """Bytes that are there already, as a stream."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._held = data

    def _more(self) -> bytes:
        return b""


class _Member(Chunks):
    """The present member's data."""

    def __init__(self, reader: TarReader) -> None:
        super().__init__()
        self._reader = reader

    def _more(self) -> bytes:
        return self._reader.read(CHUNK)


def read_save(
    stream: Stream,
    full: LayerReader,
    names_only: LayerReader,
    known: KnownLayers,
    descriptions: Descriptions,
    ended: Callable[[], bool],
) -> Iterator[PassedLayer]:
    """The layers in the order of the stream; `descriptions` is filled beside. Never raises: damage is told there.

    `names_only` reads a known layer: what it would hide of lower ones, and whether it is that layer at all.
    """
    kept = 0
    try:
        reader = TarReader(stream, _MOST_MEMBERS)
        for member in reader:
            if member.kind is not Kind.FILE or member.size < 2:
                continue
            name = posixpath.normpath(member.name.decode("utf-8", "surrogateescape")).lstrip("/")
            data = _Member(reader)
            start = data.peek(BLOCK)
            if start[:1] in (b"{", b"["):
                if member.size <= min(MOST_DOCUMENT, _MOST_KEPT - kept):
                    descriptions.documents[name] = data.read(member.size)
                    kept += member.size
            elif is_tar(start) or packing_of(start) is not Packing.PLAIN:
                diff_id = known.diff_id_of(name)
                read = (names_only if diff_id else full).read(data, name)
                if ended():
                    descriptions.damage = read.problem
                    return
                yield PassedLayer(name, read, bool(diff_id))
    except Damaged as error:
        descriptions.damage = str(error)
