"""What went wrong, as the text that goes to stdout. dockhygiene and people read it; the words are looked for."""

from __future__ import annotations


class Trouble(Exception):
    """The keyring did not do what it was asked."""


class NoBus(Trouble):
    """There is no session bus to ask."""

    def __init__(self, why: str) -> None:
        super().__init__(f"no D-Bus session bus: {why}")


class NoService(Trouble):
    """A session bus is there, but nobody on it keeps secrets."""


class Locked(Trouble):
    """The keyring is locked and was not unlocked."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the keyring is locked and was not unlocked: {why}")
