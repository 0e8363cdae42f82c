"""One layer, looked at while it streams by: nothing of it is written, and no file of it is held but the present one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from checks.files.content import is_binary
from checks.files.reading import size_text
from checks.formats.compression import Budget, Packing, packing_of, unpacked
from checks.formats.streams import Damaged, Digested, Stream
from checks.formats.tar import BLOCK, MOST_MEMBERS, Kind, Member, TarReader, is_tar
from checks.images.attestation import argument_findings
from checks.images.covers import Covers
from checks.images.model import MOST_DOCUMENT
from checks.model.finding import Finding, PassedOver, Skipped
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.trees.contents import Contents

_SAMPLE = 8192
_PACKED = (
    *(b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff"),
    *(b"GIF8", b"RIFF", b"OggS", b"wOF", b"%PDF"),
)
"""What is packed, pictures, sounds, fonts: nothing in it is as somebody wrote it."""
_PROGRAMS = (b"\x7fELF", b"!<arch>\n", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\0asm")
PACKED = "packed files, pictures and such in layers of images"
_PIECE = 1024 * 1024
"""Bytes of a program that are read at a time."""
_LONGEST_PIECE = 8 * 1024 * 1024
"""Bytes without a NUL that are looked at together."""
_FILES = frozenset({Kind.FILE, Kind.SPARSE})
MOST_FOUND = 5000
"""Findings of one layer."""
_MOST_NAMES = 20
"""Of one file."""


@dataclass(slots=True)
class ReadLayer:
    """What a layer gave away. `digest` and `diff_id` are computed, and empty where it could not be read to its end."""

    digest: str = ""
    diff_id: str = ""
    found: list[tuple[bytes, Finding]] = field(default_factory=list)
    """With the path of the file in the image."""
    said: list[Skipped | PassedOver] = field(default_factory=list)
    skipped: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Files and bytes by reason."""
    also: dict[bytes, list[bytes]] = field(default_factory=dict)
    """Of each file in which something was found the other names, which are hard links."""
    covers: Covers = field(default_factory=Covers)
    problem: str = ""
    """Why it was not read to its end; a clause for people."""
    document: bool = False
    """It is no archive of files, but JSON."""
    members: int = 0
    bytes: int = 0
    """Looked at."""


class LayerReader:
    """Reads layers one after the other; together they have no more members and bytes than is sensible."""

    def __init__(self, workstation: Workstation, contents: Contents, budget: Budget) -> None:
        self._workstation = workstation
        self._contents = contents
        self._budget = budget
        self._members_left = 5 * MOST_MEMBERS

    def read(self, stream: Stream, name: str) -> ReadLayer:
        """Never raises; `name` is the blob's, and stands for the path of what is no archive of files."""
        layer = ReadLayer()
        stored = Digested(stream)
        try:
            packing = packing_of(stored.peek(6))
            plain = stored if packing is Packing.PLAIN else Digested(unpacked(stored, packing, self._budget))
            start = plain.peek(BLOCK)
            if is_tar(start):
                self._read_members(plain, layer)
            elif start[:1] in (b"{", b"["):
                self._read_document(plain, name, layer)
            else:
                layer.problem = "it is no archive of files"
            if not self._workstation.cancelled.is_set():
                layer.diff_id = plain.digest()
                layer.digest = layer.diff_id if plain is stored else stored.digest()
        except Damaged as error:
            layer.problem = str(error)
        self._members_left -= layer.members
        return layer

    def _read_members(self, stream: Stream, layer: ReadLayer) -> None:
        reader = TarReader(stream, min(MOST_MEMBERS, self._members_left))
        for member in reader:
            if self._workstation.cancelled.is_set():
                return
            layer.members += 1
            name = _normal(member.name)
            layer.covers.add(name, member.kind)
            if member.kind is Kind.HARD_LINK:
                _add_name(layer, name, _normal(member.link))
            elif member.kind in _FILES and member.size:
                self._look_at(reader, member, name, layer)

    def _look_at(self, reader: TarReader, member: Member, name: bytes, layer: ReadLayer) -> None:
        data = reader.read(_SAMPLE)
        path = name.decode("utf-8", "surrogateescape")
        limit = self._workstation.limits.text_bytes
        if data.startswith(_PACKED) and is_binary(data):
            layer.said.append(PassedOver(path, PACKED, member.size))
        elif data.startswith(_PROGRAMS) and is_binary(data):
            self._look_at_program(reader, data, name, layer)
        elif member.size > limit:
            _count(layer, f"too large, the limit is {size_text(limit)}", member.size)
        else:
            if member.size > _SAMPLE:
                data += reader.read(member.size)
            layer.bytes += len(data)
            for one in self._contents.look(path, data):
                self._add(layer, name, one)

    def _look_at_program(self, reader: TarReader, start: bytes, name: bytes, layer: ReadLayer) -> None:
        """Of any size. Only tokens and keys are told, each once, since they have no line."""
        told: set[Secret | None] = set()
        path = name.decode("utf-8", "surrogateescape")
        for piece in _pieces(reader, start):
            layer.bytes += len(piece)
            for one in self._contents.look_at_program(path, piece):
                if isinstance(one, Skipped) or one.secret not in told:
                    self._add(layer, name, one)
                if isinstance(one, Finding):
                    told.add(one.secret)

    def _read_document(self, stream: Stream, name: str, layer: ReadLayer) -> None:
        """An attestation, or a description that no manifest refers to."""
        data = stream.read(MOST_DOCUMENT)
        layer.document = True
        layer.bytes += len(data)
        for one in self._document_findings(f"{name}.json", data):
            self._add(layer, name.encode("utf-8", "surrogateescape"), one)

    def _document_findings(self, path: str, data: bytes) -> Iterator[Finding | Skipped]:
        told = list(argument_findings(path, data))
        yield from told
        secrets = {one.secret for one in told}
        for one in self._contents.look(path, data):
            if not isinstance(one, Finding) or one.secret not in secrets:
                yield one

    def _add(self, layer: ReadLayer, name: bytes, one: Finding | Skipped) -> None:
        if isinstance(one, Skipped):
            layer.said.append(replace(one, path=name.decode("utf-8", "surrogateescape")))
        elif len(layer.found) < MOST_FOUND:
            layer.found.append((name, one))
            layer.also.setdefault(name, [])
        else:
            layer.skipped[f"only the first {MOST_FOUND:,} findings of a layer are told"] = (1, 0)


def _pieces(reader: TarReader, start: bytes) -> Iterator[bytes]:
    """Whole strings: a piece ends behind a NUL, so that no token is cut and told as a shorter one."""
    held = start
    while more := reader.read(_PIECE):
        end = more.rfind(b"\0") + 1
        if end or len(held) > _LONGEST_PIECE:
            yield held + more[:end]
            held = more[end:]
        else:
            held += more
    yield held


def _normal(name: bytes) -> bytes:
    """Without a root, `./`, or a slash at its end; `..` leads nowhere, since nothing is written."""
    name = name.removeprefix(b"./").strip(b"/")
    if b"//" in name or b"./" in name or name.endswith((b"/.", b"/..")) or name in (b".", b".."):
        return posixpath.normpath(name).strip(b"/").removeprefix(b"../").replace(b"../", b"")
    return name


def _add_name(layer: ReadLayer, name: bytes, target: bytes) -> None:
    """A hard link stands behind the file itself, which was looked at."""
    names = layer.also.get(target)
    if names is not None and len(names) < _MOST_NAMES:
        names.append(name)


def _count(layer: ReadLayer, reason: str, size: int) -> None:
    files, total = layer.skipped.get(reason, (0, 0))
    layer.skipped[reason] = files + 1, total + size
