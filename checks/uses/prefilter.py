"""Words without which a file holds no use: looked for in its bytes, so that most files are never parsed."""

from __future__ import annotations

from typing import NamedTuple

from checks import late

LOGIN_WORDS = ("login", "registry-auth", "docker-password", "creds", "auths", "AUTH_CONFIG", "dockerconfig")
"""Words of every login in a shell's text; checks/uses/commands.py looks at no text without them."""
_ESCAPED = late.compile(rb"\\[ux][0-9a-f]{2}|&#")
"""Ways to write a letter as something else, in YAML, JSON, HCL and XML: such a file is always parsed."""


class Words(NamedTuple):
    """One of `any` must stand in the text, and one of each further tuple; case does not count."""

    any: tuple[str, ...]
    further: tuple[tuple[str, ...], ...] = ()

    def also(self, *needed: str) -> Words:
        return Words(self.any, (*self.further, needed))

    def may_hold(self, lower: bytes) -> bool:
        """Whether a text may hold a use, which is given in lower case."""
        if _ESCAPED.search(lower):
            return True
        groups = (self.any, *self.further)
        return all(any(word.lower().encode() in lower for word in group) for group in groups)


def words(*needed: str) -> Words:
    return Words(needed)
