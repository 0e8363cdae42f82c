"""Bytes that come one after the other, from a file, a part of one, or what unpacks them. Nothing is read twice."""

from __future__ import annotations

import hashlib
import os
from typing import Protocol

CHUNK = 1024 * 1024
_JUMP = 4 * CHUNK


class Damaged(Exception):
    """The bytes are not what they should be. The message is a clause for people, without any of the bytes."""


class Stream(Protocol):
    def read(self, size: int) -> bytes:
        """The next `size` bytes; fewer only where it ends. Raises Damaged."""

    def skip(self, size: int) -> int:
        """Passes over `size` bytes; how many there were. Raises Damaged."""


class Chunks:
    """A stream of what `_more` brings: chunks of any length, an empty one at the end."""

    def __init__(self) -> None:
        self._held = b""
        self._at = 0

    def _more(self) -> bytes:
        raise NotImplementedError

    def read(self, size: int) -> bytes:
        end = self._at + size
        if end <= len(self._held):
            data = self._held[self._at : end]
            self._at = end
            return data
        parts = [self._held[self._at :]]
        left = size - len(parts[0])
        self._held, self._at = b"", 0
        while left and (chunk := self._more()):
            parts.append(chunk[:left])
            if len(chunk) > left:
                self._held, self._at = chunk, left
            left -= len(parts[-1])
        return b"".join(parts)

    def peek(self, size: int) -> bytes:
        """What `read` will give next."""
        data = self.read(size)
        self._held, self._at = data + self._held[self._at :], 0
        return data

    def skip(self, size: int) -> int:
        held = min(size, len(self._held) - self._at)
        self._at += held
        left = size - held
        while left:
            chunk = self._more()
            if not chunk:
                break
            passed = min(left, len(chunk))
            self._held, self._at = chunk, passed
            left -= passed
        return size - left


class FileStream(Chunks):
    """A part of an open file. Several of one file do not disturb each other; the file may have become shorter."""

    def __init__(self, descriptor: int, start: int, size: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._next = start
        self._end = start + size

    def _more(self) -> bytes:
        try:
            data = os.pread(self._descriptor, min(CHUNK, self._end - self._next), self._next)
        except OSError as error:
            raise Damaged(f"not readable: {error.strerror}") from error
        self._next += len(data)
        return data

    def skip(self, size: int) -> int:
        held = min(size, len(self._held) - self._at)
        if size - held < _JUMP:
            return super().skip(size)
        self._at += held
        jumped = min(size - held, self._end - self._next)
        self._next += jumped
        return held + jumped


class Digested(Chunks):
    """Another stream, and the SHA-256 of all that it holds."""

    def __init__(self, stream: Stream) -> None:
        super().__init__()
        self._stream = stream
        self._hash = hashlib.sha256()

    def _more(self) -> bytes:
        data = self._stream.read(CHUNK)
        self._hash.update(data)
        return data

    def digest(self) -> str:
        """`sha256:` and 64 hexadecimal digits, of all to the end, which is read. Raises Damaged."""
        while self._more():
            pass
        return f"sha256:{self._hash.hexdigest()}"
