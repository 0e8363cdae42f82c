"""Reading one file safely: no device, no FIFO, no size, no link can hang or hurt the reader."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read: its bytes, and what the folder said of it at that moment."""

    path: Path
    data: bytes = field(repr=False)
    mode: int
    uid: int
    mtime_ns: int
    links: int = 1
    """Names that the file has; more than one means hard links."""


class NotRead(Exception):
    """The file was not read. `reason` is a clause for people; `missing` tells that nothing is there at all."""

    def __init__(self, reason: str, *, missing: bool = False, size: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.missing = missing
        self.size = size


def read_file(path: Path, limit: int) -> Document:
    """Reads a regular file of at most `limit` bytes, through links. Raises NotRead for everything else."""
    try:
        # NONBLOCK: opening a FIFO nobody writes to must not wait.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _not_opened(path, error) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):  # before fdopen, which refuses a folder in words of its own
        os.close(descriptor)
        raise NotRead(f"not a regular file: {_kind(status.st_mode)}")
    with os.fdopen(descriptor, "rb") as stream:
        if status.st_size > limit:
            raise NotRead(
                f"too large: {size_text(status.st_size)}, the limit is {size_text(limit)}", size=status.st_size
            )
        try:
            data = stream.read(limit + 1)
        except OSError as error:
            raise NotRead(f"not readable: {error.strerror}") from error
    if len(data) > limit:
        raise NotRead(f"too large: it grew beyond {size_text(limit)} while being read")
    return Document(path, data, stat.S_IMODE(status.st_mode), status.st_uid, status.st_mtime_ns, status.st_nlink)


def size_text(size: int) -> str:
    """A size for people: `2.1 GB`."""
    amount = float(size)
    for unit in _UNITS[:-1]:
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} {_UNITS[-1]}"


def _not_opened(path: Path, error: OSError | ValueError) -> NotRead:
    if isinstance(error, ValueError):
        return NotRead("not a possible path: it holds a NUL byte")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        if path.is_symlink():
            return NotRead("a link to nothing")
        return NotRead("not there", missing=True)
    if error.errno == errno.ELOOP:
        return NotRead("a link that leads back to itself")
    if error.errno == errno.ENXIO:
        return NotRead("not a regular file: a socket")
    return NotRead(f"not readable: {error.strerror}")


def _kind(mode: int) -> str:
    names = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return names.get(stat.S_IFMT(mode), "of an unknown kind")
