"""References that dockhygiene made, or that a person agreed to be shown: fingerprints in the state folder.

Everything else that a manager holds belongs to another program until the person says that it may be read.
"""

from __future__ import annotations

import json

from checks.files.state import StateFolder
from guides.references.resolving import OURS
from guides.stores.managers.reference import Reference

_FILE, _LOCK = "references.json", "references.lock"
_MOST = 5000


def is_known(state: StateFolder, reference: Reference) -> bool:
    """Raises StateError where the state folder cannot be used."""
    return reference.store in OURS or _fingerprint(state, reference) in _held(state)


def remember(state: StateFolder, reference: Reference) -> None:
    """Raises StateError."""
    with state.lock(_LOCK):
        held, one = _held(state), _fingerprint(state, reference)
        if one not in held:
            state.write(_FILE, json.dumps([*held, one][-_MOST:]).encode())


def _held(state: StateFolder) -> list[str]:
    """What is damaged counts as nothing: the person is asked again."""
    try:
        data = json.loads(state.read(_FILE) or b"[]")
    except ValueError:
        return []
    return [one for one in data if isinstance(one, str)] if isinstance(data, list) else []


def _fingerprint(state: StateFolder, reference: Reference) -> str:
    return state.key().of("reference", str(reference))
