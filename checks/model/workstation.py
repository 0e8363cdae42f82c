"""The machine as seen by checks."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from checks.model.secret import FingerprintKey

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one scan. What lies beyond is `Skipped`, never silently left out."""

    config_bytes: int = 4 * MEBIBYTE
    """A credential file larger than this is not read: docker's own are a few kilobytes."""
    text_bytes: int = 48 * MEBIBYTE
    """A larger file is not searched for secrets; `--max-size` changes it."""
    depth: int = 600
    """Levels of folders below a PATH."""
    remote_docker: bool = False
    """A container engine on another machine may be asked; `--remote-docker` says so."""


@dataclass(frozen=True)
class Workstation:
    """Home, environment, limits and cancellation. All that a check knows of the machine."""

    home: Path
    environment: Mapping[str, str] = field(repr=False)
    key: FingerprintKey
    uid: int = field(default_factory=os.geteuid)
    root: Path = Path("/")
    """Where absolute system paths start; a test gives a folder of its own."""
    platform: str = sys.platform
    limits: Limits = Limits()
    cancelled: threading.Event = field(default_factory=threading.Event)
    named: tuple[Path, ...] = ()
    """What the person named to be scanned, absolute; empty for the usual places."""

    @property
    def docker_folder(self) -> Path:
        """`$DOCKER_CONFIG`, a folder, or `~/.docker`."""
        named = self.environment.get("DOCKER_CONFIG")
        return Path(named) if named else self.home / ".docker"

    @property
    def config_home(self) -> Path:
        named = self.environment.get("XDG_CONFIG_HOME")
        return Path(named) if named else self.home / ".config"

    def relative(self, path: str) -> str:
        """The path below what the person named, or below the home folder: for judging by the names of folders."""
        for top in self._tops:
            if path.startswith(top):
                return path[len(top) :]
            if path == top[:-1]:
                return path.rpartition("/")[2]
        return path

    @cached_property
    def _tops(self) -> tuple[str, ...]:
        """With a slash at the end."""
        return tuple(f"{str(top).rstrip('/')}/" for top in (*self.named, self.home))

    def system(self, path: str) -> Path:
        """An absolute system path, below `root`."""
        return self.root / path.lstrip("/")
