"""What is packed, known by its first bytes and unpacked as it is read; never more of it than is sensible."""

from __future__ import annotations

import bz2
import importlib
import lzma
import sys
import zlib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Protocol

from checks.formats.streams import CHUNK, Chunks, Damaged, Stream

_INPUT = 64 * 1024
_GIBIBYTE = 1024**3
MOST_RATIO = 250
"""What is packed well is a tenth or a twentieth of its size; only a bomb, or a file of nothing but zeros, is less."""
_RATIO_FROM = 256 * 1024 * 1024
"""Bytes that may come out before the ratio counts."""
_LZMA_MEMORY = 128 * 1024 * 1024
ZSTD_PACKAGE = "backports.zstd"


class Packing(Enum):
    """How bytes are packed, by the magic numbers of RFC 1952, RFC 8878, the xz file format and bzip2."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"
    XZ = "xz"
    BZIP2 = "bzip2"


@dataclass(slots=True)
class Budget:
    """What all that is unpacked for one purpose may come to together, in bytes."""

    left: int = 64 * _GIBIBYTE


class TooMuch(Damaged):
    """More comes out than is sensible."""


class _Unpacker(Protocol):
    eof: bool
    unused_data: bytes
    needs_input: bool

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def packing_of(start: bytes) -> Packing:
    """By the first six bytes."""
    if start.startswith(b"\x1f\x8b\x08"):
        return Packing.GZIP
    if start.startswith(b"\x28\xb5\x2f\xfd") or (start[1:4] == b"\x2a\x4d\x18" and 0x50 <= start[0] <= 0x5F):
        return Packing.ZSTD  # or a skippable frame, with which zstd's seekable forms begin
    if start.startswith(b"\xfd7zXZ\0"):
        return Packing.XZ
    return Packing.BZIP2 if start.startswith(b"BZh") else Packing.PLAIN


def unpacked(stream: Stream, packing: Packing, budget: Budget) -> Stream:
    """The stream itself where nothing is packed. Raises Damaged for what this Python cannot unpack."""
    return stream if packing is Packing.PLAIN else Unpacked(stream, packing, budget)


class Unpacked(Chunks):
    """What comes out of a packed stream; parts that were packed one by one follow each other, as in pigz and eStargz.

    Raises Damaged where it is cut short or broken, TooMuch beyond the budget or the ratio.
    """

    def __init__(self, stream: Stream, packing: Packing, budget: Budget) -> None:
        super().__init__()
        self._stream = stream
        self._packing = packing
        self._budget = budget
        self._unpacker = _unpacker(packing)
        self._rest = b""
        self._input = 0
        self._output = 0

    def _more(self) -> bytes:
        while True:
            if self._unpacker.eof and not self._next_part():
                return b""
            data = self._input_for(self._unpacker)
            try:
                out: bytes = self._unpacker.decompress(data, CHUNK)
            except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, _zstd_error()) as error:
                raise Damaged(f"it is damaged: no {self._packing.value} where some was expected") from error
            if out:
                self._count(len(out))
                return out

    def _input_for(self, unpacker: _Unpacker) -> bytes:
        if self._rest:
            data, self._rest = self._rest, b""
            return data
        if not unpacker.needs_input:
            return b""
        data = self._stream.read(_INPUT)
        self._input += len(data)
        if not data:
            raise Damaged(f"it was cut short: its {self._packing.value} has no end")
        return data

    def _next_part(self) -> bool:
        """Makes ready for the part behind the one that ended; nothing but zeros may stand at the end instead."""
        rest = self._unpacker.unused_data
        while True:
            if not rest:
                rest = self._stream.read(_INPUT)
                self._input += len(rest)
                if not rest:
                    return False
            rest = rest.lstrip(b"\0")
            if rest:
                break
        if len(rest) < 6:
            more = self._stream.read(_INPUT)
            self._input += len(more)
            rest += more
        if packing_of(rest) is not self._packing:
            raise Damaged(f"it is damaged: something else stands behind its {self._packing.value}")
        self._unpacker = _unpacker(self._packing)
        self._rest = rest
        return True

    def _count(self, size: int) -> None:
        self._output += size
        self._budget.left -= size
        if self._budget.left < 0:
            raise TooMuch("it unpacks to more than one scan reads of an archive: the rest was not looked at")
        if self._output > _RATIO_FROM and self._output > MOST_RATIO * self._input:
            raise TooMuch(f"it unpacks to more than {MOST_RATIO} times its size: the rest was not looked at")


class _Inflating:
    """zlib's object with the manners of its younger siblings."""

    def __init__(self) -> None:
        self._object = zlib.decompressobj(wbits=31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._object.eof

    @property
    def unused_data(self) -> bytes:
        return self._object.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        tail = self._object.unconsumed_tail
        out = self._object.decompress(tail + data if tail else data, max_length)
        self.needs_input = not self._object.unconsumed_tail and len(out) < max_length
        return out


def _unpacker(packing: Packing) -> Any:
    if packing is Packing.GZIP:
        return _Inflating()
    if packing is Packing.ZSTD:
        return _zstd().ZstdDecompressor()
    if packing is Packing.XZ:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)
    return bz2.BZ2Decompressor()


@cache
def _zstd() -> Any:
    try:
        return importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else ZSTD_PACKAGE)
    except ImportError as error:
        raise Damaged(f"it is packed with zstd, which needs a package: pip install {ZSTD_PACKAGE}") from error


def _zstd_error() -> type[Exception]:
    try:
        return _zstd().ZstdError  # type: ignore[no-any-return]
    except Damaged:
        return Damaged
