"""Accounts of a demo registry that stand in an htpasswd file: adding and revoking a user is editing that file."""

from __future__ import annotations

from pathlib import Path

from checks.model.secret import Secret
from guides.demo.accounts import Accounts, Pass
from guides.registries import htpasswd

ROUNDS = 5
"""As `htpasswd -B` takes: a login to the demo should not wait."""


class UserFile(Accounts):
    """Reads the file at every login, as the real registry does when it has changed."""

    def __init__(self, path: Path) -> None:
        super().__init__({})
        self.path = path

    def by_password(self, name: str, password: Secret) -> Pass | None:
        try:
            text = self.path.read_text("utf-8", "surrogateescape")
            accepted = htpasswd.accepts(text, name, password)
        except (OSError, htpasswd.NotHtpasswd):
            return None
        return Pass(name, password) if accepted else None


def write_users(path: Path, name: str, password: Secret) -> None:
    """A new file with this one user."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(htpasswd.with_user("", name, password, rounds=ROUNDS), "utf-8")
