"""One person's home folder, and logins planted in it."""

from __future__ import annotations

from pathlib import Path

from tests.guides.move.machine import docker_text, entry, fresh

HOST = "registry.example"


def plant(home: Path, **auths: dict[str, str]) -> str:
    """A login in plain text; returns its secret."""
    word = fresh()
    config = home / ".docker/config.json"
    config.write_text(docker_text({"auths": {HOST: entry("alice", word), **auths}}))
    config.chmod(0o600)
    return word


def everything(home: Path) -> dict[str, tuple[int, bytes]]:
    """All of HOME but the state folder: names, modes and bytes."""
    state = home / ".local"
    paths = [path for path in home.rglob("*") if path.is_file() and not path.is_relative_to(state)]
    return {str(path): (path.stat().st_mode, path.read_bytes()) for path in paths}
