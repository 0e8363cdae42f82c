"""Layers that were read before and gave nothing away, kept in the state folder: a layer is named by its own content.

One that gave something away is always read again, so no secret can be missed by this. Of what was passed over in
a layer the counts are kept, so that they are told again.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from checks import late
from checks.files.state import StateFolder, StateUnavailable
from checks.model.secret import FingerprintKey

NAME = "layers.seen"
_MOST_LAYERS = 20_000
_DIGEST = late.compile(r"[0-9a-f]{64}", re.ASCII)
Counts = dict[str, tuple[int, int]]
"""Files and bytes by the reason for which they were not looked at."""


@dataclass(slots=True)
class KnownLayers:
    """What is known under one version of the program and its rules. Without a state folder, only of this scan."""

    state: Path | None
    version: str
    _clean: dict[str, Counts] = field(default_factory=dict)
    """By diff id; the one that was met last is last."""
    _names: dict[str, str] = field(default_factory=dict)
    """Diff ids by what a layer was called in a save: docker before version 25 makes names of its own."""
    _changed: bool = False

    @classmethod
    def read(cls, state: Path | None, key: FingerprintKey, version: str) -> KnownLayers:
        known = cls(state, key.of("layers", version))
        try:
            held = json.loads((StateFolder(state).read(NAME) if state else None) or b"{}")
            if held.get("version") == known.version:
                for diff_id, counts in held["clean"].items():
                    known._clean[diff_id] = {str(why): (int(one), int(two)) for why, (one, two) in counts.items()}
                known._names = {str(name): str(diff_id) for name, diff_id in held["names"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            known._clean, known._names = {}, {}  # a damaged cache is no cache
        return known

    def counts(self, diff_id: str) -> Counts | None:
        """What was passed over in a layer in which nothing was found; None for one that is to be read."""
        return self._clean.get(diff_id)

    def diff_id_of(self, name: str) -> str:
        """Of the clean layer that was called so; empty where there is none."""
        digest = _DIGEST.search(name)
        diff_id = self._names.get(digest[0], f"sha256:{digest[0]}") if digest else ""
        return diff_id if diff_id in self._clean else ""

    def add(self, diff_id: str, name: str, counts: Counts) -> None:
        digest = _DIGEST.search(name)
        if digest and diff_id != f"sha256:{digest[0]}":
            self._names[digest[0]] = diff_id
        self._clean.pop(diff_id, None)
        self._clean[diff_id] = counts
        self._changed = True

    def forget(self, name: str) -> None:
        """Of a name that turned out to stand for something else."""
        if digest := _DIGEST.search(name):
            self._clean.pop(self._names.pop(digest[0], f"sha256:{digest[0]}"), None)
            self._changed = True

    def keep(self) -> str:
        """Replaces the record. What went wrong, for people; or an empty text."""
        if not self.state or not self._changed:
            return ""
        kept = dict(list(self._clean.items())[-_MOST_LAYERS:])
        names = {name: diff_id for name, diff_id in self._names.items() if diff_id in kept}
        held = json.dumps({"version": self.version, "clean": kept, "names": names}, separators=(",", ":"))
        try:
            StateFolder(self.state).write(NAME, held.encode())
        except StateUnavailable as error:
            return f"what was read could not be kept ({error}): the next scan reads it again"
        self._changed = False
        return ""
