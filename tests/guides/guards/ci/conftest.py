"""A repository on a server, the clone of a CI system, and the set-up's own shell text run there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from guides.guards.ci.catalog import ci_system, set_up
from tests.checks.conftest import random_token
from tests.guides.guards.ci.events import Event, shell_texts, variables

SHELLS: Mapping[str, list[str]] = {"bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"], "dash": ["dash", "-e"]}
ROOT = Path(__file__).parents[4]
VERSION = "0.1.0"


def planted() -> str:
    return f"docker login -u alice -p {random_token('dckr_pat_', 27)}\n"


@dataclass
class Server:
    """A bare repository, filled through a clone of its own. `old` of main holds a secret that nobody looks for."""

    bare: Path
    work: Path
    environment: Mapping[str, str]
    at: dict[str, str] = field(default_factory=dict)

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
        folder = folder or self.work
        done = subprocess.run(command, cwd=folder, env=dict(self.environment), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, name: str, text: str) -> str:
        """Changes one file, and remembers the commit under that name."""
        (self.work / f"{name}.sh").write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", name)
        self.at[name] = self.git("rev-parse", "HEAD")
        return self.at[name]

    def push(self, *refs: str) -> None:
        self.git("push", "-q", "--force", "origin", *refs)

    def clone(self, folder: Path, at: str, *options: str) -> Path:
        """The clone of a CI system: every branch, a commit checked out."""
        self.git("clone", "-q", "--no-local", *options, str(self.bare), str(folder), folder=self.bare)
        self.git("checkout", "-q", "--detach", at, folder=folder)
        return folder


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """main: old (a secret), second; from there feature: first, middle (a secret), last (without it)."""
    home = tmp_path / "home"
    home.mkdir()
    quiet = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(home)}
    environment = {"PATH": os.environ["PATH"], **quiet}
    bare, work = tmp_path / "server.git", tmp_path / "work"
    made = Server(bare, work, environment)
    made.git("init", "-q", "--bare", "-b", "main", str(bare), folder=tmp_path)
    made.git("clone", "-q", str(bare), str(work), folder=tmp_path)
    made.git("checkout", "-qb", "main")
    made.commit("old", planted())
    made.commit("second", "echo second\n")
    made.git("checkout", "-qb", "feature")
    made.commit("first", "echo first\n")
    made.commit("middle", planted())
    made.git("rm", "-q", "middle.sh")
    made.commit("last", "echo last\n")
    made.push("main", "feature")
    return made


@dataclass(frozen=True)
class Ran:
    code: int
    said: str
    calls: tuple[str, ...]
    """What the script started, one line a program."""

    @property
    def ranges(self) -> list[str]:
        """The range of every `guard run`."""
        words = (call.split() for call in self.calls if call.startswith("dockhygiene guard run"))
        return [one[one.index("--range") + 1] for one in words]


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def run_set_up(
    system: str, event: Event, clone: Path, server: Server, *, shell: str = "bash", real: bool = False
) -> Ran:
    """Runs every shell text of the set-up in the clone, as the system does: until one fails.

    `pip` notes what it was asked for, and so does `dockhygiene`; with `real` it is the real one then.
    """
    text = set_up(ci_system(system), VERSION, "main")
    programs, record = clone.parent / "programs", clone.parent / "record"
    goes_on = (
        f'exec "{sys.executable}" -P -c "from tui.main import main; raise SystemExit(main())" "$@"' if real else ""
    )
    program(programs, "dockhygiene", f'echo "dockhygiene $*" >>"$RECORD"\n{goes_on}')
    program(programs, "pip", 'echo "pip $*" >>"$RECORD"')
    # Jenkins' script makes an environment of its own with `python3 -I -m venv --clear FOLDER`
    program(programs, "python3", f'[ "$*" = "-I -m venv --clear $5" ] && mkdir -p "$5" && ln -s "{programs}" "$5/bin"')
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": server.environment["HOME"],
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "PYTHONPATH": str(ROOT),
        "RECORD": str(record),
        "WORKSPACE_TMP": str(clone.parent / "workspace@tmp"),
        **variables(system, event, text),
    }
    said = ""
    for script in shell_texts(system, text):
        file = clone.parent / "script.sh"
        file.write_text(script)
        command = [*SHELLS[shell], str(file)]
        done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, timeout=60)
        said += done.stdout + done.stderr
        if done.returncode:
            break
    calls = tuple(record.read_text().splitlines()) if record.exists() else ()
    return Ran(done.returncode, said, calls)
