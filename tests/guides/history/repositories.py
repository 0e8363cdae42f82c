"""Repositories built by real git, and everything of them as bytes."""

from __future__ import annotations

import base64
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from checks.git.runner import Git
from checks.model.secret import Secret
from tests.checks.conftest import random_password
from tests.services.require import require


@dataclass
class Repo:
    """A work tree with a first commit that holds no secret."""

    folder: Path
    secret: Secret = field(default_factory=lambda: Secret(random_password()))

    def __post_init__(self) -> None:
        self.program = require("git", "git")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        self.write("README", b"a shop\n")
        self.commit("first")

    @property
    def reading(self) -> Git:
        return Git(self.program, self.folder / ".git")

    @property
    def value(self) -> bytes:
        return self.secret.reveal().encode()

    @property
    def environment(self) -> dict[str, str]:
        names = {f"GIT_{who}_{what}": f"{who.lower()}@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}  # fmt: skip  # noqa: E501
        return {
            "HOME": str(self.folder.parent),
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **names,
        }

    def git(self, *arguments: str, stdin: bytes = b"", **variables: str) -> bytes:
        run = subprocess.run(
            [self.program, *arguments],
            cwd=self.folder, env=self.environment | variables, input=stdin, capture_output=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        return run.stdout

    def write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.git("add", "--", name)

    def commit(self, message: str, **variables: str) -> str:
        self.git("commit", "-q", "--allow-empty", "-F", "-", stdin=message.encode(), **variables)
        return self.git("rev-parse", "HEAD").decode().strip()

    def login(self, username: str = "alice") -> bytes:
        return base64.b64encode(f"{username}:".encode() + self.value)


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Mode, time of change and content of everything below."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def holds(folder: Path, value: bytes, program: str) -> bool:
    """Whether any object of a git folder holds these bytes, asked of git itself and not of our own reading."""
    objects = subprocess.run(
        [program, f"--git-dir={folder}", "cat-file", "--batch-all-objects", "--batch", "--buffer"],
        capture_output=True, check=True, env={"PATH": os.defpath, "GIT_CONFIG_GLOBAL": os.devnull},
    ).stdout  # fmt: skip
    refs = subprocess.run(
        [program, f"--git-dir={folder}", "for-each-ref"],
        capture_output=True, check=True, env={"PATH": os.defpath, "GIT_CONFIG_GLOBAL": os.devnull},
    ).stdout  # fmt: skip
    return value in objects + refs
