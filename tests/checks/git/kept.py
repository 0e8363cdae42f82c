"""A repository with secrets whose loss is seen, whatever is damaged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.checks.conftest import random_password, random_token
from tests.checks.git.test_history import Told
from tests.services.git_repository import GitRepository


def token() -> str:
    return random_token("dckr_pat_", 27)


@dataclass
class Kept:
    """A repository with a secret in a blob, one in a message, and one in a file that is known by its name."""

    repository: GitRepository
    blob: str
    message: str
    named: str
    commit: str = ""

    @classmethod
    def new(cls, repository: GitRepository) -> Kept:
        kept = cls(repository, token(), token(), random_password())
        repository.write("app/.netrc", f"machine ghcr.io\n login bob\n password {kept.named}\n")
        kept.commit = repository.added("app/a.py", f"key = '{kept.blob}'\n", f"with {kept.message}")
        repository.removed("app")
        repository.added("after/clean.py", "x = 1\n")
        repository.git("tag", "-a", "v1", "-m", "one")
        return kept

    @property
    def folder(self) -> Path:
        return self.repository.path / ".git"

    def object(self, name: str) -> Path:
        """The loose file of what this names."""
        found = self.repository.git("rev-parse", name)
        return self.folder / "objects" / found[:2] / found[2:]


def secrets_in(told: Told) -> set[str]:
    return {one.secret.reveal() for one in told.findings if one.secret}


def reasons(told: Told) -> str:
    return "; ".join(one.reason for one in told.skipped)


def overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)
