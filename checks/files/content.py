"""The bytes of a file that holds text, in UTF-8 whatever it was written in; what holds none is told apart early."""

from __future__ import annotations

import os
import stat

from checks.files.reading import NotRead, size_text
from checks.formats.encodings import text_of, utf16_without_mark

_SAMPLE = 8192
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\b\x1b"))
_MOST_CONTROLS = 50
"""One control character among so many bytes is the most that a text has; a stray NUL is no reason to stop reading."""
_UTF8_MARK = b"\xef\xbb\xbf"


class Binary(Exception):
    """The file holds no text."""

    def __init__(self, size: int) -> None:
        super().__init__("binary")
        self.size = size


def read_text_bytes(path: str, limit: int) -> bytes:
    """The text of a regular file as UTF-8. Raises NotRead, or Binary after the first few kilobytes."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise NotRead(f"not readable: {getattr(error, 'strerror', None) or 'not a possible path'}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotRead("not a regular file")
        if status.st_size > limit:
            raise NotRead(
                f"too large: {size_text(status.st_size)}, the limit is {size_text(limit)}", size=status.st_size
            )
        data = os.read(descriptor, _SAMPLE)
        if is_binary(data):
            raise Binary(status.st_size)
        if len(data) == _SAMPLE:
            data += _rest(descriptor, status.st_size - _SAMPLE, limit)
    except OSError as error:
        raise NotRead(f"not readable: {error.strerror}") from error
    finally:
        os.close(descriptor)
    return _as_utf8(data)


def text_of_contents(data: bytes) -> bytes:
    """The same for what does not lie in a file. Raises Binary."""
    if is_binary(data[:_SAMPLE]):
        raise Binary(len(data))
    return _as_utf8(data)


def is_binary(sample: bytes) -> bool:
    """Whether these first bytes are no text: more control characters than any text has, and not UTF-16."""
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls * _MOST_CONTROLS <= len(sample):
        return False
    return not sample.startswith((b"\xff\xfe", b"\xfe\xff")) and not utf16_without_mark(sample)


def _rest(descriptor: int, expected: int, limit: int) -> bytes:
    """`expected` bytes are asked for at once, and whether the file has grown since."""
    parts, size = [], 0
    while part := os.read(descriptor, max(expected - size, 0) + _SAMPLE):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise NotRead(f"too large: it grew beyond {size_text(limit)} while being read")
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _as_utf8(data: bytes) -> bytes:
    """Offsets are those of the text in UTF-8; lines end with newlines, also where they ended with returns alone."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in data[:64] and utf16_without_mark(data)):
        return text_of(data).encode("utf-8", "surrogatepass")
    if data.startswith(_UTF8_MARK):
        data = data[len(_UTF8_MARK) :]
    return data.replace(b"\r", b"\n") if b"\r" in data and b"\n" not in data else data
