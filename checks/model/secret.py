"""A value that cannot print itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from checks.model.token_kinds import TokenKind, kind_of

SHORTEST_TOKEN = 20
"""Characters from which a recognised machine token is long enough to show its prefix and its last four."""


class Secret:
    """One secret value. Every way Python has of turning an object into text gives the masked form.

    Bytes that are not UTF-8 are kept as surrogate escapes, so that nothing is lost on the way to a store.
    """

    __slots__ = ("_form", "_value")

    def __init__(self, value: str, form: TokenKind | None = None) -> None:
        """`form` is the kind of token that a rule knew it by; without one, the registries' own kinds are looked for."""
        self._value = value
        self._form = form

    def reveal(self) -> str:
        """The value itself. Only the modules that tests/test_reveal.py lists may call this."""
        return self._value

    @property
    def form(self) -> TokenKind | None:
        """The kind of token that its form gives away, None for an ordinary password."""
        return self._form or kind_of(self._value)

    def known_as(self, form: TokenKind) -> Secret:
        """The same value, of a kind that only its place gives away."""
        return Secret(self._value, form)

    @property
    def kind(self) -> str:
        """Id of that kind ("github-pat"), or "password"."""
        return self.form.id if self.form else "password"

    @property
    def masked(self) -> str:
        """A long machine token shows its issuer's prefix and its last four characters, anything else its length."""
        found = self.form
        if found and len(self._value) >= SHORTEST_TOKEN:
            return f"{found.prefix}...{self._value.rstrip()[-4:]}"
        return "1 character" if len(self._value) == 1 else f"{len(self._value)} characters"

    @property
    def size(self) -> int:
        """Bytes in UTF-8."""
        return len(_bytes(self._value))

    @property
    def ends_with_newline(self) -> bool:
        return self._value.endswith("\n")

    @property
    def is_text(self) -> bool:
        """Whether it is UTF-8 throughout: a helper's JSON would silently change anything else."""
        return "\ufffd" not in self._value and not any("\ud800" <= char <= "\udfff" for char in self._value)

    def __len__(self) -> int:
        return len(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac

        return hmac.compare_digest(_bytes(self._value), _bytes(other._value))

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"<Secret {self.masked}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never serialised: keep its masked form or its fingerprint")


@dataclass(frozen=True, slots=True)
class FingerprintKey:
    """Key of the HMACs that stand for secrets in reports, journal and cache. A bare hash could be guessed from."""

    _key: bytes

    def __repr__(self) -> str:
        return "<FingerprintKey>"

    def of(self, *parts: Secret | str) -> str:
        """32 hexadecimal digits for these parts; parts are length-prefixed, so no two lists look the same."""
        import hmac  # loads OpenSSL: only for who has found something

        digest = hmac.new(self._key, digestmod="sha256")
        for part in parts:
            data = _bytes(part._value if isinstance(part, Secret) else part)
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()[:32]


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass") if not value.isascii() else value.encode("ascii")
