"""Repositories made by the real git, with nothing of this machine's settings in them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada Example",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada Example",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "LC_ALL": "C",
}


@dataclass
class GitRepository:
    """One repository; every commit is an hour later than the one before."""

    path: Path
    environ: dict[str, str] = field(default_factory=dict)
    _hours: int = 0

    @classmethod
    def new(cls, path: Path, *options: str) -> GitRepository:
        path.mkdir(parents=True, exist_ok=True)
        made = cls(path)
        made.git("init", "--quiet", "--initial-branch=main", *options)
        return made

    def git(self, *arguments: str, given: bytes = b"", fine: tuple[int, ...] = (0,)) -> str:
        """What git prints, without the last newline."""
        self._hours += 1
        date = f"2024-03-01T{self._hours // 60 % 24:02}:{self._hours % 60:02}:00+02:00"
        environ = {
            **ALONE,
            "PATH": os.environ["PATH"],
            "HOME": str(self.path.parent),
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date,
            **self.environ,
        }
        done = subprocess.run(["git", *arguments], cwd=self.path, env=environ, input=given, capture_output=True)
        assert done.returncode in fine, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))
        return path

    def commit(self, message: str = "a change") -> str:
        """Everything that lies in the work tree; the commit's id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.head

    def added(self, name: str, content: str | bytes, message: str = "add") -> str:
        self.write(name, content)
        return self.commit(message)

    def removed(self, name: str, message: str = "remove") -> str:
        self.git("rm", "--quiet", "-r", "--", name)
        return self.commit(message)

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def blob(self, content: str | bytes) -> str:
        """The id that git gives such a file."""
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        return self.git("hash-object", "--stdin", given=data)
