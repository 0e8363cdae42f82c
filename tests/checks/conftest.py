"""A throw-away workstation for the checks, and secrets that exist only while a test runs."""

from __future__ import annotations

import base64
import os
import secrets
import string
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checks.model.finding import Finding, Looked, Observation, Skipped
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation

NOBODY = 65534


def random_token(prefix: str, length: int) -> str:
    alphabet = string.ascii_letters + string.digits
    return prefix + "".join(secrets.choice(alphabet) for _ in range(length))


def random_password() -> str:
    return random_token("", 16)


def encoded(username: str, password: str) -> str:
    return base64.b64encode(f"{username}:{password}".encode()).decode()


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root reads everything: what is unreadable must be tried as somebody else."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@dataclass(frozen=True)
class Seen:
    """What a check observed, sorted."""

    findings: list[Finding]
    skipped: list[Skipped]
    looked: list[Looked]

    @property
    def rules(self) -> list[str]:
        return [finding.rule for finding in self.findings]

    def rule(self, name: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.rule == name]

    def one(self, name: str) -> Finding:
        (found,) = self.rule(name)
        return found


def seen(observations: Iterator[Observation]) -> Seen:
    got = list(observations)
    return Seen(
        [one for one in got if isinstance(one, Finding)],
        [one for one in got if isinstance(one, Skipped)],
        [one for one in got if isinstance(one, Looked)],
    )


MakeWorkstation = Callable[..., Workstation]


@pytest.fixture
def workstation(tmp_path: Path) -> MakeWorkstation:
    """Makes a workstation whose home and system folders are empty."""
    home, root = tmp_path / "home", tmp_path / "root"
    home.mkdir()
    root.mkdir()

    def make(environment: Mapping[str, str] | None = None, **fields: Any) -> Workstation:
        fields = {"home": home, "root": root, "uid": os.geteuid(), "platform": "linux"} | fields
        return Workstation(environment=environment or {}, key=FingerprintKey(b"k" * 32), **fields)

    return make


def write(path: Path, text: str | bytes, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return path
