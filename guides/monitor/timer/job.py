"""What the timer runs, the same on every system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checks.files.safe_path import safe_entries
from checks.model.workstation import Workstation

NAME = "dockhygiene-monitor"
TITLE = "dockhygiene: one look at all cases and credentials"
_KEPT = (
    "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "DOCKER_CONFIG", "PASSWORD_STORE_DIR", "GNUPGHOME",
)  # fmt: skip
"""Variables that say where things lie. A session's services do not have those of a shell."""


@dataclass(frozen=True, slots=True)
class Job:
    """One program with its arguments. `hosts` are the only ones that it will ever contact."""

    program: Path
    home: Path
    config_home: Path
    state: Path
    hosts: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    """None of it is secret: the files that hold it are no secrets either."""

    @property
    def arguments(self) -> tuple[str, ...]:
        named = tuple(word for host in self.hosts for word in ("--host", host))
        return ("monitor", "--once", "--notify", *(named or ("--offline",)))


def job_for(workstation: Workstation, state: Path, program: Path, hosts: tuple[str, ...]) -> Job:
    environment = workstation.environment
    kept = {name: environment[name] for name in _KEPT if environment.get(name)}
    path = ":".join(str(entry) for entry in safe_entries(environment))
    if path:
        kept["PATH"] = path
    return Job(program, workstation.home, workstation.config_home, state, hosts, kept)
