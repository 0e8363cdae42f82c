"""How a journal knows a version of a file: by a keyed digest, never by its text."""

from __future__ import annotations

from checks.model.secret import FingerprintKey


def digest(key: FingerprintKey, data: bytes) -> str:
    """Keyed digest of a file's bytes."""
    return key.of("file", data.decode("latin-1"))
