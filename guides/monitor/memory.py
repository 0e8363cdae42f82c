"""What monitoring remembers of credentials that no watch of a case follows: `monitor.json` in the state folder.

Times, positions' ids and sentences; never a secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.files.state import StateFolder
from guides.case.codec import made, plain

FILE = "monitor.json"
LOCK = "monitor.lock"


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one credential. Times in seconds since the epoch."""

    looked: float = 0.0
    verified: float = 0.0
    said: str = ""
    """What the registry said at the last verification."""
    alarms: tuple[str, ...] = ()
    """What the last look found that must not be."""
    seen: tuple[str, ...] = ()
    """Ids of the places in which it stood in plain text at the first look: only others are new."""


@dataclass(frozen=True, slots=True)
class Memories:
    schema: int = 1
    looked: float = 0.0
    """When everything was last looked at."""
    of: Mapping[str, Memory] = field(default_factory=dict)
    """By the fingerprint of the credential."""


def remembered(state: StateFolder) -> Memories:
    """A damaged file counts as none: everything is then looked at as if for the first time."""
    try:
        held = made(Memories, json.loads(state.read(FILE) or b"{}"))
    except (ValueError, TypeError, RecursionError):
        return Memories()
    return held if held.schema == 1 else Memories()


def remember(state: StateFolder, memories: Memories) -> None:
    """Raises StateError where it cannot be written."""
    state.write(FILE, json.dumps(plain(memories), indent=1).encode("utf-8", "surrogatepass"))
