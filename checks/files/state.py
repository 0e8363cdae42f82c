"""dockhygiene's own state folder: the only thing that a scan writes to.

0700, owned by the effective user, never reached through a link that somebody else could have put there.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from checks.model.secret import FingerprintKey

_KEY_BYTES = 32


class StateError(Exception):
    """The state folder cannot be used: the message says why and what to do."""


class StateUnavailable(StateError):
    """The folder cannot be made or opened, on a read-only home for example. Looking is possible all the same."""


class StateFolder(NamedTuple):
    """An opened state folder. Names are plain file names; files are 0600 and replaced atomically."""

    path: Path

    @classmethod
    def open(cls, environment: Mapping[str, str], home: Path) -> StateFolder:
        """Makes the folder if needed. Raises StateError where it could not be trusted."""
        _refuse_foreign_home(home)
        path = folder_path(environment, home)
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise StateUnavailable(
                f"{path}: {error.strerror}; dockhygiene keeps its key and its journal there"
            ) from error
        try:
            status = os.fstat(descriptor)
            if status.st_uid != os.geteuid():
                raise StateError(
                    f"{path}: belongs to another user (id {status.st_uid}); remove it or name another HOME"
                )
            if stat.S_IMODE(status.st_mode) != 0o700:
                os.fchmod(descriptor, 0o700)
        finally:
            os.close(descriptor)
        return cls(path)

    def key(self) -> FingerprintKey:
        """The key of this workstation's fingerprints, made at the first use."""
        held = self.read("key")
        if held is None or len(held) != _KEY_BYTES:
            with self.lock("key.lock"):
                held = self.read("key")
                if held is None or len(held) != _KEY_BYTES:
                    held = secrets.token_bytes(_KEY_BYTES)
                    self.write("key", held)
        return FingerprintKey(held)

    def read(self, name: str) -> bytes | None:
        try:
            descriptor = os.open(self.path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as stream:
            return stream.read()

    def write(self, name: str, data: bytes) -> None:
        """Replaces the file atomically and durably. Raises StateUnavailable, the old content standing."""
        try:
            self._write(name, data)
        except OSError as error:
            raise StateUnavailable(
                f"{self.path / name}: {error.strerror}; what is done cannot be journalled"
            ) from error

    def _write(self, name: str, data: bytes) -> None:
        temporary = self.path / f".{name}.{secrets.token_hex(4)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
        temporary.replace(self.path / name)
        sync_folder(self.path)

    def names(self, prefix: str) -> list[str]:
        return sorted(entry.name for entry in os.scandir(self.path) if entry.name.startswith(prefix))

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    @contextmanager
    def lock(self, name: str, *, wait: bool = True) -> Iterator[None]:
        """Holds a lock among dockhygiene's own processes. Without `wait`, raises StateError where it is held."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self.path / name, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield
        except BlockingIOError as error:
            raise StateError(
                "another dockhygiene is changing credentials at this moment; let it finish first"
            ) from error
        finally:
            os.close(descriptor)


def folder_path(environment: Mapping[str, str], home: Path) -> Path:
    """`$XDG_STATE_HOME/dockhygiene`, or the platform's own place."""
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "dockhygiene"
    named = environment.get("XDG_STATE_HOME", "")
    base = Path(named) if named.startswith("/") else home / ".local" / "state"
    return base / "dockhygiene"


def sync_folder(path: Path) -> None:
    """Makes a rename or a removal in this folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_foreign_home(home: Path) -> None:
    try:
        owner = home.stat().st_uid
    except OSError as error:
        raise StateError(f"{home}: {error.strerror}; HOME must name your home folder") from error
    if os.geteuid() == 0 and owner != 0:
        raise StateError(f"{home} is another user's home: run dockhygiene as that user, not with sudo")
