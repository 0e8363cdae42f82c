"""What every command and the app start from: the workstation, the state folder, and what the last run left."""

from __future__ import annotations

import os
import pwd
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checks.files.state import StateFolder
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from guides.move.notice import Notice


@dataclass(frozen=True)
class Session:
    """One run of the program. `banner` is shown wherever the workstation is not the person's own (the demo)."""

    workstation: Workstation
    state: StateFolder
    banner: str = ""

    @property
    def environment(self) -> Mapping[str, str]:
        return self.workstation.environment

    def notices(self) -> tuple[Notice, ...]:
        """Cleans up after an interrupted move and says what the person should know. Raises StateError."""
        from guides.edits.readings import sweep  # the app's first frame does not wait for these
        from guides.move.recovery import recover

        sweep(self.state)
        return recover(self.state)


def open_session(environment: Mapping[str, str] | None = None, banner: str = "", root: Path = Path("/")) -> Session:
    """The session of this machine, or of the environment given, with its own system folders. Raises StateError."""
    environment, home = _environment_and_home(environment)
    state = StateFolder.open(environment, home)
    return Session(Workstation(home, environment, state.key(), root=root), state, banner)


def workstation_without_state(environment: Mapping[str, str] | None = None) -> Workstation:
    """The workstation for looking only: its fingerprints are good for this run alone."""
    environment, home = _environment_and_home(environment)
    return Workstation(home, environment, FingerprintKey(secrets.token_bytes(32)))


def _environment_and_home(environment: Mapping[str, str] | None) -> tuple[Mapping[str, str], Path]:
    environment = dict(os.environ if environment is None else environment)
    return environment, Path(environment.get("HOME") or pwd.getpwuid(os.geteuid()).pw_dir)
