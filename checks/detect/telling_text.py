"""Whether a text can hold a secret at all: most documents need not be parsed."""

from __future__ import annotations

from checks.detect.telling_lines import may_hold
from checks.detect.telling_words import lists_a_command, telling_offsets


def may_tell(text: str) -> bool:
    """Whether one of the words stands in it without which no rule finds anything."""
    return any(True for _ in telling_offsets(text)) or lists_a_command(text)


def may_tell_in_yaml(text: str) -> bool:
    """The same, and whether they stand where they tell something: in a name with a value, in a command, in a URL."""
    return may_tell(text) and may_hold(text)
