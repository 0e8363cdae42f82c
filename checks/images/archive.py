"""An archive of images as a store of blobs: a tar file, plain or packed, or a layout folder; never unpacked to disk."""

from __future__ import annotations

import json
import os
import posixpath
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from checks import late
from checks.formats.compression import Budget, Packing, packing_of, unpacked
from checks.formats.streams import Damaged, FileStream, Stream
from checks.formats.tar import BLOCK, Kind, Member, TarReader, is_tar
from checks.images.model import MOST_DOCUMENT

_MOST_BLOBS = 50_000
_MOST_KEPT = 64 * 1024 * 1024
"""Bytes of documents that are kept of a packed archive."""
_MOST_HOPS = 10
_STRANGERS = 64
"""Files like no part of an image, after which a packed archive is none: to list it takes unpacking it."""
_PART = late.compile(
    r"(?:blobs/\w+/[0-9a-f]{32,128}|oci-layout|(?:manifest|index|config)\.json|repositories"
    r"|(?:sha256[:-])?[0-9a-f]{12,64}(?:\.json|\.tar(?:\.gz|\.zst)?|/(?:layer\.tar|json|VERSION))?"
    r"|(?:[\w.:-]{1,128}/){0,3}(?:layer\.tar|[\w.:-]{1,128}\.tar(?:\.gz|\.zst)?))"
)
"""Names of what tools put into archives of images."""
_SIGNS = ("manifest.json", "index.json", "oci-layout", "repositories")
_TELLING = ("manifest.json", "index.json", "repositories")
_PLACE = late.compile(r"blobs/[a-z0-9+._-]{1,32}/[0-9A-Za-z=_-]{1,128}", re.ASCII)
Blob = tuple[str, Stream | Damaged]


class Missing(Damaged):
    """Nothing lies under that name."""


class Store(Protocol):
    names: frozenset[str]
    damage: str
    """Why not all of it could be listed; a clause for people."""

    def place(self, name: str) -> str:
        """Where what is named so really lies: links lead to it."""

    def document(self, name: str) -> bytes:
        """A small blob. Raises Missing, or Damaged."""

    def streams(self, names: Sequence[str]) -> Iterator[Blob]:
        """These blobs, in whatever order; each is to be read before the next one is asked for."""


@contextmanager
def open_archive(path: Path, budget: Budget) -> Iterator[TarStore | None]:
    """The archive in this file, None where it holds no images. Raises Damaged where it cannot be read at all."""
    descriptor, size = _opened(path)
    try:
        start = FileStream(descriptor, 0, size).read(BLOCK)
        packing = packing_of(start)
        if packing is not Packing.PLAIN:
            start = _start_of_packed(descriptor, size, packing)
        yield TarStore(descriptor, size, packing, budget).if_images() if is_tar(start) else None
    finally:
        os.close(descriptor)


def _opened(path: Path) -> tuple[int, int]:
    try:
        # NONBLOCK: opening a FIFO nobody writes to must not wait.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise Missing("not there") from error
        raise Damaged(f"not readable: {getattr(error, 'strerror', None) or 'not a possible path'}") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise Damaged("not a regular file")
    return descriptor, status.st_size


def _start_of_packed(descriptor: int, size: int, packing: Packing) -> bytes:
    """Empty where the packing itself is damaged: then nothing tells that it is an archive."""
    return unpacked(FileStream(descriptor, 0, size), packing, Budget()).read(BLOCK)


@dataclass(slots=True)
class _Listed:
    """What the archive holds, by name: where its data begins, and how long it is."""

    files: dict[str, tuple[int, int]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict, repr=False)
    """Of packed archives, where going back is dear."""
    damage: str = ""
    strangers: int = 0
    parts: int = 0


class TarStore:
    """A tar file. A plain one is read where its blobs lie; a packed one is unpacked a second time for its layers."""

    def __init__(self, descriptor: int, size: int, packing: Packing, budget: Budget) -> None:
        self._descriptor = descriptor
        self._size = size
        self._packing = packing
        self._budget = budget
        self._listed = self._list()
        self.names = frozenset(self._listed.files)
        self.damage = self._listed.damage

    def if_images(self) -> TarStore | None:
        """Itself, or None where it is an archive of something else."""
        listed = self._listed
        if any(self.place(sign) for sign in _TELLING):
            return self if self._layout() else None
        return self if listed.damage and listed.parts and not listed.strangers else None

    def _layout(self) -> bool:
        """Many archives hold a file of one of these names: an image's says so, or has layers or blobs beside it."""
        if not self._listed.strangers or self._listed.parts > self._listed.strangers:
            return True
        return any(self.place(sign) and _describes(sign, self.document(sign)) for sign in _TELLING)

    def place(self, name: str) -> str:
        name = _normal(name)
        for _ in range(_MOST_HOPS):
            if name in self._listed.files:
                return name
            if name not in self._listed.links:
                return ""
            name = self._listed.links[name]
        return ""

    def document(self, name: str) -> bytes:
        place = self.place(name)
        if not place:
            raise Missing("it is not in the archive")
        start, size = self._listed.files[place]
        if size > MOST_DOCUMENT:
            raise Damaged("it is larger than any description of an image")
        if self._packing is Packing.PLAIN:
            data = FileStream(self._descriptor, start, size).read(size)
        else:
            data = self._listed.documents.get(place, b"")
        if len(data) < size:
            raise Damaged("it was cut short")
        return data

    def sizes(self, names: Sequence[str]) -> dict[str, int]:
        """Bytes of these blobs where each can be read by itself; nothing where one comes after the other."""
        return {name: self._listed.files[name][1] for name in names} if self._packing is Packing.PLAIN else {}

    def streams(self, names: Sequence[str]) -> Iterator[Blob]:
        if self._packing is not Packing.PLAIN:
            yield from self._streams_in_passing(names)
            return
        for name in names:
            start, size = self._listed.files[name]
            yield name, FileStream(self._descriptor, start, size)

    def _streams_in_passing(self, names: Sequence[str]) -> Iterator[Blob]:
        wanted = {self._listed.files[name][0]: name for name in names}
        reader = TarReader(self._stream())
        try:
            for member in reader:
                if name := wanted.pop(member.position, None):
                    yield name, reader
                if not wanted:
                    return
        except Damaged as error:
            for name in wanted.values():
                yield name, error

    def _stream(self) -> Stream:
        return unpacked(FileStream(self._descriptor, 0, self._size), self._packing, self._budget)

    def _list(self) -> _Listed:
        listed = _Listed()
        kept = 0
        try:
            reader = TarReader(self._stream(), _MOST_BLOBS)
            for member in reader:
                name = _normal(member.name.decode("utf-8", "surrogateescape"))
                if member.kind in (Kind.LINK, Kind.HARD_LINK):
                    listed.links[name] = _target(name, member)
                if member.kind is not Kind.FILE:
                    continue
                if _PART.fullmatch(name):
                    listed.parts += 1
                else:
                    listed.strangers += 1
                    if self._packing is not Packing.PLAIN and listed.strangers > _STRANGERS + listed.parts:
                        break
                self._add(listed, name, member)
                if self._packing is not Packing.PLAIN and member.size <= min(MOST_DOCUMENT, _MOST_KEPT - kept):
                    data = reader.read(min(1, member.size))
                    if data in (b"{", b"["):
                        listed.documents[name] = data + reader.read(member.size - 1)
                        kept += member.size
        except Damaged as error:
            listed.damage = str(error)
        return listed

    def _add(self, listed: _Listed, name: str, member: Member) -> None:
        """The last one of a name counts; those before it are kept as what no image refers to."""
        size = member.size
        if self._packing is Packing.PLAIN:  # of what was cut short there is the beginning
            size = min(size, max(self._size - member.position, 0))
        if name in listed.files:
            listed.files[f"{name} ({len(listed.files)})"] = listed.files[name]
        listed.files[name] = member.position, size


class LayoutFolder:
    """A folder in the OCI image layout: `oci-layout`, `index.json`, `blobs/`. Source: OCI image specification."""

    damage = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names = frozenset(self._blobs())

    def _blobs(self) -> Iterator[str]:
        top = self._folder / "blobs"
        for algorithm in sorted(top.iterdir()) if top.is_dir() else ():
            for number, entry in enumerate(os.scandir(algorithm) if algorithm.is_dir() else ()):
                if number == _MOST_BLOBS:
                    self.damage = f"it has more than {_MOST_BLOBS:,} blobs"
                    return
                yield f"blobs/{algorithm.name}/{entry.name}"

    def place(self, name: str) -> str:
        known = name in _SIGNS or _PLACE.fullmatch(name)
        return name if known and (self._folder / name).exists() else ""

    def document(self, name: str) -> bytes:
        if not self.place(name):
            raise Missing("it is not in the folder")
        descriptor, size = _opened(self._folder / name)
        try:
            if size > MOST_DOCUMENT:
                raise Damaged("it is larger than any description of an image")
            return FileStream(descriptor, 0, size).read(size)
        finally:
            os.close(descriptor)

    def sizes(self, names: Sequence[str]) -> dict[str, int]:
        """Bytes of these blobs, 0 where one cannot be read."""
        return {name: _size(self._folder / name) for name in names}

    def streams(self, names: Sequence[str]) -> Iterator[Blob]:
        for name in names:
            try:
                descriptor, size = _opened(self._folder / name)
            except Damaged as error:
                yield name, error
                continue
            try:
                yield name, FileStream(descriptor, 0, size)
            finally:
                os.close(descriptor)


def _describes(sign: str, data: bytes) -> bool:
    """Whether this document describes images, as far as anybody can tell who does not read them."""
    try:
        node = json.loads(data)
    except (ValueError, RecursionError):
        return False
    if sign == "manifest.json":
        return isinstance(node, list) and any(
            isinstance(one, dict) and {"Config", "Layers"} <= one.keys() for one in node
        )
    listed = node.get("manifests") if isinstance(node, dict) else None
    if sign == "index.json":
        return isinstance(listed, list) and any(isinstance(one, dict) and "digest" in one for one in listed)
    return isinstance(node, dict) and bool(node) and all(isinstance(one, dict) for one in node.values())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _normal(name: str) -> str:
    return posixpath.normpath(name).lstrip("/")


def _target(name: str, member: Member) -> str:
    """Of a link, as a name in the archive: a symbolic one starts in its own folder, a hard one at the top."""
    target = member.link.decode("utf-8", "surrogateescape")
    return _normal(posixpath.join(posixpath.dirname(name), target) if member.kind is Kind.LINK else target)
