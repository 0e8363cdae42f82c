"""Whether a text can hold a secret at all: most documents need not be parsed."""

from __future__ import annotations

from checks.detect.telling_words import telling_offsets

_MORE = ("sensitive", "private key", "auths", "dockercfg")
"""What documents have beyond the words of command lines, in lower case."""


def may_tell(text: str) -> bool:
    """Whether one of the words stands in it without which no rule finds anything."""
    if any(True for _ in telling_offsets(text)):
        return True
    lower = text.lower()
    return any(word in lower for word in _MORE)
