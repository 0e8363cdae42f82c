"""What was looked at before and has not changed: files in which nothing was found. It can never hide a new secret.

A file counts as unchanged by name, inode, size, modification and change time, under the same program and key; one that
changed within two seconds of being read is read again. Where something was found, the file is always read again, so no
secret, no place and no fingerprint is kept: only keyed digests of names and numbers.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from checks.detect import second_engine_package
from checks.model.secret import FingerprintKey

NAME = "seen.sqlite"
_DIGEST = 12
_RACY_NS = 2_000_000_000
LARGEST = 300 * 1024 * 1024
"""Bytes of the cache beyond which it is begun anew: it keeps folders that are gone."""
_SCHEMA = "CREATE TABLE folder (path BLOB PRIMARY KEY, clean BLOB NOT NULL, binary BLOB NOT NULL) WITHOUT ROWID"


class Known(NamedTuple):
    """Digests of a folder's files: read and clean, or no text."""

    clean: frozenset[bytes] = frozenset()
    binary: frozenset[bytes] = frozenset()


class SeenFiles:
    """The cache of one scan, used from one thread."""

    def __init__(self, folder: Path, key: FingerprintKey, checks: Iterable[str]) -> None:
        """`folder` is the state folder; what some checks have looked at, others have not."""
        self.note = ""
        """What happened to an older cache, for the person; or empty."""
        self._path = folder / NAME
        self._version = key.of(
            "seen files", program_version(), second_engine_package.version(), *sorted(checks)
        ).encode()
        self._started = time.time_ns()
        self._connection = self._open()
        self._waiting: list[tuple[bytes, bytes, bytes]] = []

    def known(self, folder: str) -> Known:
        try:
            row = self._connection.execute(
                "SELECT clean, binary FROM folder WHERE path = ?", (os.fsencode(folder),)
            ).fetchone()
        except sqlite3.DatabaseError:
            self._begin_anew("was damaged")
            return Known()
        return Known(_digests(row[0]), _digests(row[1])) if row else Known()

    def digest(self, name: str, status: os.stat_result) -> bytes | None:
        """Stands for this file as it is now; None where it changed too recently to tell."""
        if max(status.st_mtime_ns, status.st_ctime_ns) > self._started - _RACY_NS:
            return None
        numbers = (status.st_ino, status.st_dev, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_mode)
        text = f"{numbers}{name}".encode("utf-8", "surrogateescape")
        return hashlib.blake2b(text, digest_size=_DIGEST, key=self._version).digest()

    def keep(self, folder: str, clean: Iterable[bytes], binary: Iterable[bytes]) -> None:
        self._waiting.append((os.fsencode(folder), b"".join(sorted(clean)), b"".join(sorted(binary))))
        if len(self._waiting) > 500:
            self.flush()

    def flush(self) -> None:
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO folder VALUES (?, ?, ?)", self._waiting)
        except sqlite3.DatabaseError as error:
            self.note = f"what was looked at could not be kept ({type(error).__name__}): the next scan reads it again"
        self._waiting.clear()

    def close(self) -> None:
        self.flush()
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        """The cache of this version and key; anything else is dropped."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            size = os.fstat(descriptor).st_size
            os.fchmod(descriptor, 0o600)
            os.close(descriptor)
            connection = _connect(self._path)
            held = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone() if size else None
            if held and held[0] == self._version and size <= LARGEST:
                return connection
            connection.close()
            self._drop(
                "" if not size or (held and size <= LARGEST) else "had grown too large" if held else "was not ours"
            )
        except sqlite3.DatabaseError:
            self._drop("was damaged")
        except OSError as error:
            self.note = f"{self._path} cannot be used ({error.strerror}): everything is read each time"
            return _prepared(sqlite3.connect(":memory:", check_same_thread=False), self._version)
        return _prepared(_connect(self._path), self._version)

    def _begin_anew(self, why: str) -> None:
        self._connection.close()
        self._drop(why)
        self._connection = _prepared(_connect(self._path), self._version)

    def _drop(self, why: str) -> None:
        if why:
            self.note = f"the record of what was looked at before {why}: everything is read again"
        for name in (NAME, f"{NAME}-journal", f"{NAME}-wal", f"{NAME}-shm"):
            self._path.with_name(name).unlink(missing_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=5, check_same_thread=False)


def _prepared(connection: sqlite3.Connection, version: bytes) -> sqlite3.Connection:
    with connection:
        connection.execute(_SCHEMA)
        connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB)")
        connection.execute("INSERT INTO meta VALUES ('version', ?)", (version,))
    return connection


def _digests(blob: bytes) -> frozenset[bytes]:
    return frozenset(blob[start : start + _DIGEST] for start in range(0, len(blob), _DIGEST))


@cache
def program_version() -> str:
    """Changes with every file of the checks: what a new rule would find has not been looked for."""
    folder = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted((*folder.rglob("*.py"), *folder.rglob("*.yaml"), *folder.rglob("*.sha256"))):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
