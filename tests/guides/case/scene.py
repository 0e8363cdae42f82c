"""A workstation with one exposed credential, and its case: what the tests of cases and steps start from."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from checks.files.state import StateFolder
from checks.model.credential import Credential, group
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.case import opening
from guides.case.looking import look
from guides.case.model import Case, StepId
from guides.case.secrets import CaseSecrets
from guides.case.walk import Surroundings, Walk
from guides.registries.network import Network
from guides.steps.catalog import STEPS, actions_of
from guides.steps.files import recover_edits
from tests.memory_case_store import MemoryCaseStore

START = 1_800_000_000.0
"""Seconds since the epoch: the clock of every scene, until a test moves it."""


@dataclass
class Scene:
    """A home folder, its state, a store in memory and a clock that tests move."""

    home: Path
    secret: Secret
    registry: str = "registry.example.com"
    username: str = "alice"
    store: MemoryCaseStore = field(default_factory=MemoryCaseStore)
    now: float = START
    api_hosts: dict[str, str] = field(default_factory=dict)
    path: str = "/no-such-folder"

    def __post_init__(self) -> None:
        self.environment: Mapping[str, str] = {"HOME": str(self.home), "PATH": self.path}
        self.state = StateFolder.open(self.environment, self.home)
        self.workstation = Workstation(self.home, self.environment, self.state.key(), root=self.home / "root")

    @property
    def config(self) -> Path:
        return self.home / ".docker/config.json"

    def write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)
        return path

    def log_in(self) -> None:
        """The login as docker keeps it in plain text."""
        auth = base64.b64encode(f"{self.username}:{self.secret.reveal()}".encode()).decode()
        self.write(".docker/config.json", json.dumps({"auths": {self.registry: {"auth": auth}}}, indent=2))

    def around(self) -> Surroundings:
        network = Network(self.environment, self.home, root=self.home / "root")
        return Surroundings(
            self.workstation, self.state, network, lambda: self.now, lambda seconds: None, api_hosts=self.api_hosts
        )

    def credential(self, *files: Path) -> Credential:
        found = look(self.workstation, lambda secret: secret == self.secret, [str(path) for path in files])
        return group(found, self.workstation.key)[0]

    @contextmanager
    def walk(self, start: Credential | Case) -> Iterator[Walk]:
        with opening.open_walk(self.around(), start) as walk:
            walk.secrets = CaseSecrets(walk.case.id, self.store)
            recover_edits(walk)
            yield walk


def act(walk: Walk, step: StepId, action_id: str, **answers: str | Secret) -> list[str]:
    """Does one action as a person would: what is asked for and not answered gets its default."""
    action = next((one for one in actions_of(walk, STEPS[step]) if one.id == action_id), None)
    assert action, f"{step} offers {[one.id for one in actions_of(walk, STEPS[step])]}, not {action_id}"
    offer = action.prepare()
    given = {ask.id: ask.choices[0][0] if ask.choices else ask.default for ask in offer.asks}
    return list(offer.perform({**given, **answers}))


def told(walk: Walk, step: StepId) -> str:
    """All that a step has to say, as one text."""
    parts = []
    for chapter in STEPS[step].chapters(walk):
        parts += [chapter.title, *chapter.paragraphs, *(f"{left}: {right}" for left, right in chapter.rows)]
    return "\n".join(parts)
