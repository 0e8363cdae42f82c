"""Objects that were read before and gave nothing away, kept in the state folder: a file for each repository.

What they are called is git's own hash of what is in them. An object that gave something away is always read again, so
no secret can be missed by this, and none can be guessed from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from checks.files.state import StateFolder, StateUnavailable
from checks.git.arrivals import Arrival
from checks.model.secret import FingerprintKey

_PREFIX, _ENDING = "git-", ".seen"
_DIGEST = 12
_MOST_REPOSITORIES = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of one repository."""

    clean: frozenset[bytes] = frozenset()
    """First bytes of the ids of objects that gave nothing away."""
    tips: tuple[str, ...] = ()
    """Ids of what references led to when all was read: what lies below was read under its names."""
    names: dict[str, str] = field(default_factory=dict)
    """Paths by id of objects that gave something away."""
    commits: str = ""
    """Stands for all commits that there were, and with them for the arrivals below."""
    arrivals: tuple[Arrival, ...] = ()
    """Of the objects that gave something away."""

    def holds(self, name: bytes) -> bool:
        """Whether this object, in hexadecimal digits, was read."""
        return bytes.fromhex(name[: 2 * _DIGEST].decode()) in self.clean


class KnownObjects:
    """The record of all repositories, under one version of the program and its rules."""

    def __init__(self, state: Path, key: FingerprintKey, version: str) -> None:
        self._state = StateFolder(state)
        self._key = key
        self._version = key.of("git objects", version)

    def read(self, folder: Path) -> Known:
        """What is known of the repository with this git folder; nothing where it cannot be told."""
        try:
            head, _, ids = (self._state.read(self._name(folder)) or b"").partition(b"\n")
            held = json.loads(head)
            if held["version"] != self._version:
                return Known()
            clean = frozenset(ids[start : start + _DIGEST] for start in range(0, len(ids) - _DIGEST + 1, _DIGEST))
            arrivals = tuple(Arrival(*map(str, one)) for one in held["arrivals"])
            return Known(clean, tuple(map(str, held["tips"])), dict(held["names"]), str(held["commits"]), arrivals)
        except (OSError, ValueError, KeyError, TypeError):
            return Known()

    def keep(self, folder: Path, known: Known) -> str:
        """Replaces the record. What went wrong, for people; or an empty text."""
        arrivals = [(one.commit, one.authored, one.author, one.path, one.blob) for one in known.arrivals]
        told = {"tips": known.tips, "names": known.names, "commits": known.commits, "arrivals": arrivals}
        head = json.dumps({"version": self._version, **told}, separators=(",", ":"))
        try:
            self._state.write(self._name(folder), head.encode() + b"\n" + b"".join(sorted(known.clean)))
            self._forget_the_oldest()
        except StateUnavailable as error:
            return f"what was read could not be kept ({error}): the next scan reads it again"
        return ""

    def _name(self, folder: Path) -> str:
        return f"{_PREFIX}{self._key.of('repository', str(folder))}{_ENDING}"

    def _forget_the_oldest(self) -> None:
        names = [name for name in self._state.names(_PREFIX) if name.endswith(_ENDING)]
        if len(names) > _MOST_REPOSITORIES:
            names.sort(key=lambda name: (self._state.path / name).stat().st_mtime)
            for name in names[: len(names) - _MOST_REPOSITORIES]:
                self._state.remove(name)
