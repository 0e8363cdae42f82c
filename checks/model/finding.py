"""What a check sees: findings at places, and what it could not look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple

from checks.model.secret import FingerprintKey, Secret
from checks.model.token_kinds import kind_of


class Severity(IntEnum):
    """How bad it is if it is true."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    """How sure the check is that it is true."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class PlaceKind(StrEnum):
    FILE = "file"
    ENVIRONMENT = "environment"
    GIT = "git"
    IMAGE = "image"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding lies. `line` and `column` count from 1; the line is the one on which the secret stands."""

    path: str
    """File path or variable name, surrogate escapes where the name is not UTF-8."""
    kind: PlaceKind = PlaceKind.FILE
    line: int | None = None
    end_line: int | None = None
    column: int | None = None
    repository: str | None = None
    commit: str | None = None
    blob: str | None = None
    image: str | None = None
    layer: str | None = None
    field: str | None = None


class History(NamedTuple):
    """What git knows of one secret in one file. The place's commit brought it in; lists hold the first few."""

    author: str
    authored: str
    """RFC 3339, with the author's own zone."""
    at_head: bool
    """Whether the file holds it in the commit that is checked out."""
    staged: bool = False
    refs: tuple[str, ...] = ()
    """Names that lead to the commit: `refs/heads/main`. Empty where only the reflog, or nothing, does."""
    remotes: tuple[str, ...] = ()
    """Remote branches among them: it was pushed there, or came from there."""
    hosts: tuple[str, ...] = ()
    """Hosts of those remotes."""
    versions: int = 1
    """Versions of the file that hold it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One secret, or one weak setting, at one place."""

    check: str
    rule: str
    title: str
    """One line for people; masked, and without the place."""
    severity: Severity
    confidence: Confidence
    place: Place
    secret: Secret | None = None
    registry: str | None = None
    username: str | None = None
    advice: str = ""
    """What to do next, one sentence."""
    locator: str = ""
    """Tells two findings of one rule in one place apart, without a line number: `auths/ghcr.io/auth`."""
    ignored: str = ""
    """Why the person does not want to be told of it; empty for what is told. An ignored finding is still counted."""
    history: History | None = None
    """For what was found in git's objects."""

    def __post_init__(self) -> None:
        """A token that stands in the user name's place as well would be shown and kept as a name: it is none."""
        if self.username and (kind_of(self.username) or Secret(self.username) == self.secret):
            object.__setattr__(self, "username", None)

    def id(self, key: FingerprintKey) -> str:
        """Stable across runs and line moves; says nothing about the secret without the key."""
        place = self.place
        where = (
            place.kind,
            place.path,
            place.repository or "",
            place.commit or "",
            place.image or "",
            place.layer or "",
        )
        return key.of("finding", self.rule, *where, self.locator, self.secret or "")[:16]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not looked at, and why."""

    check: str
    path: str
    reason: str
    size: int | None = field(default=None, kw_only=True)
    """Bytes, where known."""
    files: int | None = field(default=None, kw_only=True)
    """How many files, where it stands for several."""


class Looked(NamedTuple):
    """One item was looked at: what progress and the report's counts are made of."""

    path: str
    bytes: int


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file that holds nothing to be read, a binary for example. In trees they are counted, not listed."""

    path: str
    reason: str
    bytes: int


Observation = Finding | Skipped | Looked | PassedOver
