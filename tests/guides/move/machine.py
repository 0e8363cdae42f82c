"""A home folder with credential files, and the moves on it, as one object."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checks.files.state import StateFolder
from checks.model.workstation import Workstation
from guides.move import journal
from guides.move.apply import MoveEvent, MoveFinished, apply
from guides.move.journal import Move
from guides.move.logins import CredentialFile, Left, Login, logins_of, read_credential_files
from guides.move.notice import Notice
from guides.move.plan import Plan, Wishes, make_plan
from guides.move.recovery import recover
from guides.move.undo import plan_undo, undo
from guides.stores.store import Store

HUB = "https://index.docker.io/v1/"


def fresh(length: int = 12) -> str:
    """A secret that nobody ever used."""
    return secrets.token_urlsafe(length)


def auth(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def entry(user: str = "alice", password: str | None = None, **more: str) -> dict[str, str]:
    """An entry as docker writes it; without a password one is made."""
    return {"auth": auth(user, fresh() if password is None else password), **more}


def token_entry(user: str = "alice", token: str | None = None) -> dict[str, str]:
    """An identity token as docker writes it: beside an `auth` whose password is empty."""
    return {"auth": auth(user, ""), "identitytoken": fresh(24) if token is None else token}


def docker_text(document: Mapping[str, Any]) -> str:
    """Text in docker's own layout: tabs, no newline at the end."""
    return json.dumps(document, indent="\t", ensure_ascii=False)


@dataclass
class Machine:
    """Everything below `home`; system paths lie in `home/root`."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.environment = {"HOME": str(self.home), "PATH": str(self.home / "bin"), **self.environment}
        self.state = StateFolder.open(self.environment, self.home)

    @property
    def config(self) -> Path:
        return self.home / ".docker/config.json"

    @property
    def podman(self) -> Path:
        return self.home / ".config/containers/auth.json"

    @property
    def workstation(self) -> Workstation:
        return Workstation(self.home, self.environment, self.state.key(), root=self.home / "root")

    def write(self, content: Mapping[str, Any] | str | bytes, path: Path | None = None) -> bytes:
        """Writes a credential file and returns its bytes."""
        path = path or self.config
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, bytes):
            text = content if isinstance(content, str) else docker_text(content)
            content = text.encode("utf-8", "surrogateescape")
        path.write_bytes(content)
        path.chmod(0o600)
        return content

    def written(self, path: Path | None = None) -> Any:
        return json.loads((path or self.config).read_text())

    def files(self) -> list[CredentialFile]:
        return list(read_credential_files(self.workstation))

    def logins(self) -> list[Login | Left]:
        return [found for file in self.files() for found in logins_of(file)]

    def plan(self, store: Store, *registries: str, default_store: bool | None = None, **answers: str) -> Plan:
        return self.plan_with(store, Wishes(registries, answers, default_store))

    def plan_with(self, store: Store, wishes: Wishes) -> Plan:
        return make_plan(self.files(), store, self.environment, wishes)

    def move(self, store: Store, wishes: Wishes | None = None) -> list[MoveEvent]:
        return list(apply(self.plan_with(store, wishes or Wishes()), self.state))

    def moved(self, store: Store, wishes: Wishes | None = None) -> Move:
        """Moves everything and returns the journalled move."""
        last = self.move(store, wishes)[-1]
        assert isinstance(last, MoveFinished), last
        return self.journalled(last.id)

    def journalled(self, name: str) -> Move:
        found = journal.read_all(self.state).find(name)
        assert found is not None
        return found

    def undo(self, store: Store, name: str = "last") -> str:
        return undo(plan_undo(self.journalled(name), store, self.state.key()), self.state, store)

    def notices(self) -> tuple[Notice, ...]:
        return recover(self.state)

    def everything(self) -> dict[str, bytes]:
        """Every file below home, the state folder aside."""
        paths = (path for path in self.home.rglob("*") if path.is_file() and not path.is_relative_to(self.state.path))
        return {str(path.relative_to(self.home)): path.read_bytes() for path in paths}
