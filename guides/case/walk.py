"""A case being worked on: its file, what is found on the workstation now, and the ways to stores and registries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from checks.files.state import StateFolder
from checks.formats.display import printable
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.model.finding import Finding
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.trees.trees import KNOWN_PLACES, Trees
from guides.case.file import CaseFile
from guides.case.model import Case, Entry, Held, Pending, Settled, StepId, StepRecord, StepState
from guides.case.secrets import CaseSecrets
from guides.providers.beyond.catalog import name_of
from guides.providers.catalog import kind_for, provider_for
from guides.providers.provider import CredentialKind, Provider
from guides.registries.network import Network


@dataclass(frozen=True)
class Surroundings:
    """What a walk works with besides its case. Tests give doubles of what lies beyond this machine."""

    workstation: Workstation
    state: StateFolder
    network: Network
    clock: Callable[[], float] = time.time
    pause: Callable[[float], None] = time.sleep
    """Waits these seconds between two questions to a provider that takes a moment."""
    trees: Trees = KNOWN_PLACES
    """How this whole workstation is looked at when a case asks for it."""
    api_hosts: Mapping[str, str] = field(default_factory=dict)
    """Base URL of a provider's API by its client's id, where it is not the real one."""

    @property
    def environment(self) -> Mapping[str, str]:
        return self.workstation.environment


@dataclass
class Walk:
    """One open case. Steps read it and record in it; nothing else writes the case's file."""

    around: Surroundings
    file: CaseFile
    secrets: CaseSecrets
    findings: tuple[Finding, ...] = ()
    """Where the old secret lies now."""

    @property
    def case(self) -> Case:
        return self.file.case

    @property
    def provider(self) -> Provider:
        return provider_for(self.case.provider, self.case.registry)

    @property
    def kind(self) -> CredentialKind:
        """The kind of the old credential, as its provider knows it."""
        form = "identity-token" if self.case.old.identity else self.case.old.kind
        return kind_for(self.provider, form, self.case.username, self.case.registry)

    @property
    def home(self) -> Path:
        return self.around.workstation.home

    @property
    def registry(self) -> str:
        """The registry for people, or whose secret it is."""
        if self.case.registry == HUB_CONTAINERS_NAME:
            return "Docker Hub"
        return printable(self.case.registry or name_of(self.provider), 60)

    def values(self) -> dict[str, str]:
        """What the words' placeholders stand for. All of it may be shown."""
        case = self.case
        return {
            "registry": self.registry if case.registry else self.provider.title,
            "username": printable(case.username or "the account", 60),
            "masked": printable(case.old.masked, 60),
            "provider": self.provider.title,
        }

    # Secrets

    def old(self) -> Secret | None:
        """The old secret, to be sent: None once it is proven dead, since it is never sent again."""
        return None if self.case.old.dead is not None else self.old_value()

    def old_value(self) -> Secret | None:
        """The old secret, to be looked for in files: from where it was found, else from the case's store."""
        found = next((one.secret for one in self.findings if one.secret), None)
        return found or self.secrets.get("old")

    def keep_old(self) -> None:
        """Before a file changes: the case's store holds the old secret from now on. Raises StoreError."""
        old = self.old()
        if old and not self.case.old.saved:
            self.secrets.put("old", old)
            store = self.secrets.store
            self._keep(
                replace(self.case, old=replace(self.case.old, saved=True), store=store.id if store else ""),
                Entry(self.around.clock(), StepId.UPDATE, "the old one is in the case's store until it is dead"),
            )

    def new(self) -> Secret | None:
        return self.secrets.get("new") if self.case.new else None

    def fingerprint(self, secret: Secret) -> str:
        return self.around.workstation.key.of("secret", secret)

    def is_old(self, secret: Secret) -> bool:
        return self.fingerprint(secret) == self.case.old.fingerprint

    def known(self, secret: Secret, username: str) -> Held:
        """What the case may remember of a secret."""
        return Held(secret.masked, secret.kind, self.fingerprint(secret), username)

    def settle_places(self, paths: Iterable[str], state: Settled, note: str, way: str = "", **changes: object) -> None:
        """What became of all places in these files, and what changes in the case with it."""
        wanted = set(paths)
        places = tuple(
            replace(place, state=state, note=note, way=way) if place.path in wanted else place
            for place in self.case.places
        )
        self.log(StepId.UPDATE, f"{', '.join(sorted(wanted))}: {state}, {note}", places=places, **changes)

    # Recording

    def record(
        self, step: StepId, note: str, proof: str = "", state: StepState = StepState.DONE, **changes: object
    ) -> None:
        """How a step ended, and what changes in the case with it: one write, so that no kill comes between."""
        now = self.around.clock()
        steps = {**self.case.steps, step: StepRecord(state, now, note, proof)}
        text = f"{state}: {note}" + (f" ({proof})" if proof else "")
        self._keep(replace(self.case, steps=steps, **changes), Entry(now, step, text))  # type: ignore[arg-type]

    def reopen(self, step: StepId, why: str) -> None:
        steps = {**self.case.steps, step: StepRecord()}
        self._keep(replace(self.case, steps=steps), Entry(self.around.clock(), step, f"open again: {why}"))

    def log(self, step: StepId, text: str, **changes: object) -> None:
        """One line of the journal, together with what it changes in the case."""
        self._keep(replace(self.case, **changes), Entry(self.around.clock(), step, text))  # type: ignore[arg-type]

    def begin(self, step: StepId, text: str, mend: str) -> None:
        """Before a call that may leave something behind: should we die in it, the next start tells."""
        pending = Pending(self.around.clock(), step, text, mend)
        self.log(step, f"begun: {text}", pending=pending)

    def settle(self, step: StepId, text: str, **changes: object) -> None:
        """The call that was begun has ended, and this came of it."""
        self.log(step, text, pending=None, **changes)

    def _keep(self, case: Case, entry: Entry) -> None:
        self.file.keep(replace(case, journal=(*case.journal, entry)))


def still_lies(walk: Walk, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that hold the old secret, by its fingerprint."""
    return tuple(one for one in findings if one.secret and walk.is_old(one.secret))
