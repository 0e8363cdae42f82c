"""The one writer that changes a person's file: atomic, durable, and never over somebody else's change.

No lock protocol exists for docker's files. A compare followed by a rename leaves a gap in which a `docker login` can
write; so the two files are *exchanged* (renameat2), and what came out is compared: a foreign write is put back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from checks.files.state import sync_folder

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.ENOTSUP)


class NotWritten(Exception):
    """The file was not changed; the message says why and what to do."""


class ChangedMeanwhile(NotWritten):
    """Somebody else wrote the file between our reading and our writing; their version stands."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file to be replaced: the path the person knows, and the real file behind its links."""

    path: Path
    real: Path

    @classmethod
    def of(cls, path: Path) -> Target:
        return cls(path, Path(os.path.realpath(path)))

    def refusal(self) -> str:
        """Why this file should not be written by us, or an empty text."""
        if self.real.parts[:3] == ("/", "nix", "store"):
            return f"{self.real} is managed by Nix: change it there"
        try:
            status = self.real.stat()
        except OSError as error:
            return f"{self.real}: {error.strerror}"
        if not os.access(self.real.parent, os.W_OK):
            return f"{self.real.parent} is read-only for you: something else manages this file"
        if not status.st_mode & stat.S_IWUSR:
            return f"{self.real} is write-protected: something else manages this file, or you did; chmod u+w it first"
        if os.geteuid() not in (0, status.st_uid):
            return f"{self.real} belongs to another user"
        return ""


def temporary_for(target: Target) -> Path:
    """A new name beside the target for its next version; journal it before anything is written there."""
    return target.real.parent / f".{target.real.name}.dockhygiene-{secrets.token_hex(6)}"


def replace(target: Target, temporary: Path, expected: bytes, new: bytes, *, keep_mode: bool = False) -> None:
    """Replaces the target's content by `new`, provided that it still is `expected`. The result has the same owner, and
    is 0600, or with `keep_mode` as readable and executable as it was: a script that others start, for example.

    Raises ChangedMeanwhile where it is not, NotWritten where the folder refuses. Killed in the middle, it leaves the
    target whole, old or new, and perhaps the temporary file: `guides.move.recovery` knows what to do with that.
    """
    try:
        _write_new(temporary, target, new, keep_mode=keep_mode)
        exchanged = exchange(temporary, target.real)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise NotWritten(f"{target.path}: {error.strerror}; the file is as it was") from error
    if not exchanged:
        _compare_and_rename(temporary, target, expected)
    elif temporary.read_bytes() != expected:
        _put_back(temporary, target, new)
        raise _changed(target)
    else:
        temporary.unlink()
    sync_folder(target.real.parent)


def _changed(target: Target) -> ChangedMeanwhile:
    return ChangedMeanwhile(f"{target.path} was changed by another program just now; look again")


def _write_new(temporary: Path, target: Target, new: bytes, *, keep_mode: bool) -> None:
    status = target.real.stat()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
            _keep_owner(descriptor, status)
        stream.write(new)
        stream.flush()
        if keep_mode:
            os.fchmod(descriptor, stat.S_IMODE(status.st_mode) & 0o777)
        os.fsync(descriptor)


def _keep_owner(descriptor: int, status: os.stat_result) -> None:
    try:
        os.fchown(descriptor, status.st_uid, status.st_gid)
    except PermissionError:
        # A user may not give a file to a group that they left; the owner is theirs already (Target.refusal).
        if status.st_uid != os.geteuid():
            raise


def exchange(one: Path, other: Path) -> bool:
    """Swaps two files atomically; False where the kernel or the file system cannot."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _put_back(temporary: Path, target: Target, new: bytes) -> None:
    """Undoes an exchange. A version that was written after it comes out instead of ours: keep that."""
    exchange(temporary, target.real)
    if temporary.read_bytes() != new:
        exchange(temporary, target.real)
    temporary.unlink()
    sync_folder(target.real.parent)


def _compare_and_rename(temporary: Path, target: Target, expected: bytes) -> None:
    """Where files cannot be exchanged: the smallest gap that is possible."""
    if target.real.read_bytes() != expected:
        temporary.unlink()
        raise _changed(target)
    temporary.replace(target.real)
