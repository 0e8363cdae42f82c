"""One kind of credential file: what reads it, where it lies, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from checks.formats.located import Read
from checks.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Tool:
    """One kind of file. `subject` begins the title of its findings."""

    id: str
    subject: str
    read: Read
    advice: str
    home: tuple[str, ...] = ()
    """Places below the home folder; what begins with `.config/` follows XDG_CONFIG_HOME. `*` stands for any name."""
    system: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    """Variables that name the file, or its folder and, behind a slash, its name there."""
    names: tuple[str, ...] = ()
    """Further names that are known below a PATH, with the folders around them that make them known."""
    severity: Severity = Severity.HIGH
    encrypted: bool = False
    """What it holds is encrypted and a finding all the same: the key is known to everybody."""
    quiet: bool = False
    """Other programs have files of that name: that this one cannot be parsed is no matter."""


def from_variable(name: str) -> str:
    """The advice where the tool takes its secret from the environment."""
    return f"Give it as {name} where it is needed, from a secrets manager, remove it here, and rotate it."


STORE = "Keep it in a secrets manager or a credential store, remove it here, and rotate it."
LOG_OUT = "Log out where you do not need it, keep the file from backups and images, and revoke this one."
