"""What the program's exit says. docs/exit-codes.md explains each; a new one is documented there."""

from enum import IntEnum


class ExitCode(IntEnum):
    OK = 0
    FINDINGS = 1
    """Something at or above --fail-on was found; of other commands: something remains to be done."""
    USAGE = 2
    """Wrong usage, or a configuration of dockhygiene's own that cannot be used."""
    INCOMPLETE = 3
    """A PATH that was named could not be read, or the work could not be completed."""
    INTERRUPTED = 130
