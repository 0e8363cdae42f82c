"""A workstation of our own in a temporary folder, with secrets made up for each test."""

from __future__ import annotations

import base64
import json
import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checks.files.state import StateFolder
from checks.model.workstation import Workstation
from tui.session import Session

LETTERS = string.ascii_letters + string.digits


def made_up(prefix: str = "", length: int = 36) -> str:
    """A secret with the form of a kind, never a real one."""
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(length))


@dataclass
class Home:
    """A home folder with credential files; `canaries` are the values that no screen may show."""

    path: Path
    canaries: list[str] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.path / ".docker" / "config.json"

    def login(self, user: str = "alice", secret: str | None = None) -> dict[str, str]:
        secret = made_up() if secret is None else secret
        auth = base64.b64encode(f"{user}:{secret}".encode()).decode()
        self.canaries += [secret, auth]
        return {"auth": auth}

    def write(self, auths: dict[str, dict[str, str]], **rest: object) -> None:
        self.config.parent.mkdir(exist_ok=True)
        self.config.write_text(json.dumps({"auths": auths, **rest}, indent="\t"))

    def write_podman(self, auths: dict[str, dict[str, str]]) -> Path:
        path = self.path / ".config" / "containers" / "auth.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"auths": auths}, indent=2))
        return path

    def session(self, banner: str = "") -> Session:
        environment = {"HOME": str(self.path), "USER": "alice", "PATH": str(self.path / "bin")}
        state = StateFolder.open(environment, self.path)
        workstation = Workstation(self.path, environment, state.key(), root=self.path / "root")
        return Session(workstation, state, banner)

    def assert_absent(self, text: str) -> None:
        for canary in self.canaries:
            assert canary not in text, "a secret is on the screen"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.write({"ghcr.io": made.login(secret=made_up("ghp_")), "quay.io": made.login("acme+ci", made_up(length=64))})
    return made


@pytest.fixture
def session(home: Home) -> Iterator[Session]:
    yield home.session()
