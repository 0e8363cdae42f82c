"""The case: frozen data that holds masked forms, fingerprints and positions, never a secret and never a file's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from checks.model.finding import PlaceKind
from guides.edits.applying import EditRecord

_IMAGES = (PlaceKind.IMAGE, PlaceKind.CONTAINER)
_BUILDS = "container-builds"
"""Id of the check that reads Dockerfiles, which is not loaded for this."""


class Order(StrEnum):
    """Which comes first, once the evidence is saved (research: incident guide, section 10)."""

    GENERATE_FIRST = "generate-first"
    REVOKE_FIRST = "revoke-first"


class StepId(StrEnum):
    UNDERSTAND = "understand"
    EVIDENCE = "evidence"
    GENERATE = "generate"
    UPDATE = "update"
    TEST = "test"
    REVOKE = "revoke"
    CLEAN = "clean"
    MONITOR = "monitor"
    CLOSE = "close"


STEPS = {
    Order.GENERATE_FIRST: tuple(StepId),
    Order.REVOKE_FIRST: (
        StepId.UNDERSTAND,
        StepId.EVIDENCE,
        StepId.REVOKE,
        StepId.GENERATE,
        StepId.UPDATE,
        StepId.TEST,
        StepId.CLEAN,
        StepId.MONITOR,
        StepId.CLOSE,
    ),
}


class StepState(StrEnum):
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class StepRecord:
    """How a step ended: `note` in a few words, `proof` what it rests on."""

    state: StepState = StepState.OPEN
    when: float = 0.0
    """Seconds since the epoch."""
    note: str = ""
    proof: str = ""


class Settled(StrEnum):
    """What became of a place or a use."""

    OPEN = "open"
    CHANGED = "changed"
    BY_HAND = "by hand"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class CasePlace:
    """One place in which the old secret was found. `id` is the finding's."""

    id: str
    check: str
    rule: str
    title: str
    kind: str
    path: str
    line: int | None = None
    field: str | None = None
    image: str | None = None
    repository: str | None = None
    """The repository that holds it, or that tracks the file: its work tree, or its folder where it is bare."""
    blob: str | None = None
    """Id of the object that holds it; `path` is then the file's within the repository."""
    state: Settled = Settled.OPEN
    note: str = ""
    way: str = ""
    """The way of a changed place (guides.edits.edit.Way): with `value` the new secret stands there in plain text."""


@dataclass(frozen=True, slots=True)
class CaseUse:
    """One use, and how sure it is that it belongs to this credential (checks.model.use.Match)."""

    kind: str
    title: str
    path: str
    match: int
    line: int | None = None
    registry: str | None = None
    name: str = ""
    repository: str | None = None
    pushes: bool = False
    update: str = ""
    state: Settled = Settled.OPEN
    note: str = ""

    @property
    def id(self) -> str:
        return f"{self.path}:{self.line or 0}:{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Held:
    """What may be told of one secret of the case, and how it fares."""

    masked: str
    kind: str
    """What its form says it is (checks.model.secret.Secret.kind)."""
    fingerprint: str
    username: str = ""
    identity: bool = False
    """An identity token, which is not sent as anybody's password."""
    label: str = ""
    remote_id: str = ""
    """How the provider calls it, where it told us: what will be revoked is named by this."""
    reference: str = ""
    """`dockhygiene://STORE/NAME#FIELD`, where a manager keeps it."""
    expires: str = ""
    saved: bool = False
    """Whether the case's store holds the value."""
    accepted: float | None = None
    """When the registry last accepted it and refused a stranger."""
    dead: float | None = None
    """When it was proven to be refused. It is never sent again after that."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen before anything was revoked."""

    when: float
    source: str
    lines: tuple[str, ...]
    unusual: bool | None = None
    """None where nobody could tell."""


class EditStage(StrEnum):
    """How far an edit of a file got; what comes after BEGUN is decided by looking at the file."""

    BEGUN = "begun"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    NOT_DONE = "not done"


@dataclass(frozen=True, slots=True)
class CaseEdit:
    """One file that the case changed. `texts` names what the case's store keeps of it, for undoing."""

    record: EditRecord
    texts: tuple[str, ...]
    stage: EditStage


class CleaningStage(StrEnum):
    """How far the cleaning of a repository's history got; how BEGUN ended is decided by looking at its folder."""

    PLANNED = "planned"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The history of one repository, cleaned in a fresh clone. Paths are absolute."""

    repository: str
    stage: CleaningStage
    found: tuple[str, ...] = ()
    """What holds the secret, a line each."""
    folder: str = ""
    """What was made lies here, while it is made too."""
    clone: str = ""
    backup: str = ""
    """Holds the secret, and is to be deleted one day; empty once it is."""
    seal: str = ""
    """How the backup is protected (guides.history.backup.Seal)."""


@dataclass(frozen=True, slots=True)
class ImageNotes:
    """What was learnt of the images that hold the secret."""

    dockerfiles: tuple[str, ...] = ()
    """Those that made them, absolute."""
    digests: tuple[str, ...] = ()
    """`name@sha256:...` under which registries know them, as the engine here says."""
    proof: str = ""
    """What showed that a new image, or every old one, does not hold it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A credential that the provider lists, and that may be the old one: its value is never listed."""

    id: str
    label: str
    about: str
    owner: str = ""
    """The organisation that it belongs to, empty for a person's own."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A call that was begun and whose end is not recorded: what it may have left behind at the provider."""

    when: float
    step: StepId
    text: str
    mend: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal."""

    when: float
    step: StepId
    text: str


@dataclass(frozen=True, slots=True)
class Notes:
    """What only people know: who depends on it, where to try the new one, and the way back in an emergency."""

    contact: str = ""
    staging: str = ""
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Monitoring after the revocation. Times in seconds since the epoch."""

    until: float
    hosts: tuple[str, ...] = ()
    """Hosts that the person approved for one verification of the new secret a day."""
    looked: float = 0.0
    verified: float = 0.0
    alarms: tuple[str, ...] = ()
    """What the last look found that must not be."""


@dataclass(frozen=True, slots=True)
class Case:
    """One credential's remediation. `id` is the credential's, so there is one case for each."""

    id: str
    opened: float
    registry: str | None
    username: str
    provider: str
    old: Held
    exposure: tuple[str, ...] = ()
    """Ids of guides.case.exposure, what is known of who may have seen it."""
    order: Order = Order.GENERATE_FIRST
    new: Held | None = None
    store: str = ""
    """Id of the case store that holds the secrets, empty while none does."""
    steps: Mapping[StepId, StepRecord] = field(default_factory=dict)
    places: tuple[CasePlace, ...] = ()
    uses: tuple[CaseUse, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    edits: tuple[CaseEdit, ...] = ()
    cleanings: tuple[Cleaning, ...] = ()
    images: ImageNotes = ImageNotes()
    candidates: tuple[Candidate, ...] = ()
    htpasswd: str = ""
    """Path of the registry's own user file, where the person runs it here."""
    realms: tuple[str, ...] = ()
    """Hosts of token services that the person allowed to see this case's logins."""
    asked_realm: str = ""
    """The one that the registry named last, and that was not allowed."""
    notes: Notes = Notes()
    pending: Pending | None = None
    watch: Watch | None = None
    journal: tuple[Entry, ...] = ()

    def step(self, step: StepId) -> StepRecord:
        return self.steps.get(step, StepRecord())

    @property
    def path(self) -> tuple[StepId, ...]:
        """The steps in this case's order; cleaning is one only where git, an image or a container holds the secret."""
        cleans = self.repositories or self.image_places
        return tuple(step for step in STEPS[self.order] if step is not StepId.CLEAN or cleans)

    @property
    def repositories(self) -> tuple[str, ...]:
        """The repositories of its places, and those whose cleaning was begun."""
        named = [place.repository for place in self.places if place.kind not in _IMAGES]
        named += [one.repository for one in self.cleanings]
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def image_places(self) -> tuple[CasePlace, ...]:
        """Images and containers, and the Dockerfiles from which images were made."""
        return tuple(one for one in self.places if one.kind in _IMAGES or one.check == _BUILDS)

    @property
    def current(self) -> StepId | None:
        """The first open step; None when all are behind."""
        return next((step for step in self.path if self.step(step).state is StepState.OPEN), None)

    @property
    def closed(self) -> bool:
        return self.step(StepId.CLOSE).state is StepState.DONE
