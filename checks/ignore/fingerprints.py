"""Fingerprints of machine tokens that a team may share: slow to compute, keyed, and never of an ordinary password.

The key stands beside the fingerprints, so it keeps nobody out: it only makes tables computed beforehand useless. What
protects the token is that it cannot be guessed. A password can, so passwords have no fingerprint here.
"""

from __future__ import annotations

import hashlib
import secrets

from checks import late
from checks.model.secret import Secret

DIGITS = 32
"""Hexadecimal digits of a fingerprint."""
_KEY = late.compile(r"[0-9a-fA-F]{64}")
_FINGERPRINT = late.compile(rf"[0-9a-fA-F]{{{DIGITS}}}")
_COST, _BLOCK = 2**12, 8
"""scrypt: 4 MB and some ten milliseconds for each token."""


class SharedKey:
    """The key that stands in an ignore file or a baseline. Remembers what it has computed."""

    __slots__ = ("_key", "_known")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[Secret, str] = {}

    def __repr__(self) -> str:
        return "<SharedKey>"

    @classmethod
    def new(cls) -> SharedKey:
        return cls(secrets.token_bytes(32))

    @classmethod
    def of_text(cls, text: str) -> SharedKey | None:
        """The key that these 64 hexadecimal digits spell, or None."""
        return cls(bytes.fromhex(text)) if _KEY.fullmatch(text) else None

    @property
    def text(self) -> str:
        return self._key.hex()

    def of(self, secret: Secret) -> str | None:
        """32 hexadecimal digits for a token with a known form, None for an ordinary password."""
        if secret.form is None:
            return None
        if secret not in self._known:
            data = secret.reveal().encode("utf-8", "surrogatepass")
            self._known[secret] = hashlib.scrypt(data, salt=self._key, n=_COST, r=_BLOCK, p=1, dklen=DIGITS // 2).hex()
        return self._known[secret]


def is_fingerprint(text: str) -> bool:
    return bool(_FINGERPRINT.fullmatch(text))
