"""A person, a repository and a remote, with a program in the guard's place that writes down how it was called."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guides.guards.asking import HookPlace, find_place
from guides.guards.changes import make
from guides.guards.everywhere import own_folder, plan_global_install, plan_global_uninstall, remove_folder
from guides.guards.plan import Plan, plan_install, plan_uninstall
from guides.guards.status import Told, look


@dataclass
class Scene:
    """One person's machine below one folder."""

    top: Path
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home = self.top / "home"
        self.repository = self.top / "wörk tree"
        self.remote = self.top / "remote.git"
        self.program = self.top / "bin dir" / "it's" / "dockhygiene"
        for folder in (self.home, self.program.parent):
            folder.mkdir(parents=True)
        self.answer(0)
        self.git("init", "-q", "--bare", str(self.remote), cwd=self.top)
        self.git("init", "-q", "-b", "main", str(self.repository), cwd=self.top)
        self.git("remote", "add", "origin", str(self.remote))

    @property
    def environment(self) -> dict[str, str]:
        who = {f"GIT_{role}_{what}": "a@b.invalid" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        path = os.environ["PATH"]
        return {
            "HOME": str(self.home),
            "PATH": path,
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C.UTF-8",
            **who,
            **self.extra,
        }

    def answer(self, code: int) -> None:
        """From now on the guard's program exits with this; it notes its arguments and its input."""
        note = shlex.quote(str(self.top / "called"))
        text = f"#!/bin/sh\nprintf '[%s]' \"$@\" >>{note}\necho >>{note}\n"
        text += f'case "$*" in *--pre-push*) cat >{note}.stdin;; esac\nexit {code}\n'
        self.program.write_text(text)
        self.program.chmod(0o755)

    def git(self, *arguments: str, cwd: Path | None = None, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["git", *arguments], cwd=cwd or self.repository, env=self.environment, capture_output=True, text=True,
            errors="surrogateescape", timeout=60, check=False,
        )  # fmt: skip
        assert code is None or done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    def commit(self, name: str = "a", *, code: int = 0, cwd: Path | None = None) -> str:
        """Adds a line to a file and commits it; what git said."""
        with ((cwd or self.repository) / name).open("a") as file:
            file.write("line\n")
        self.git("add", "-A", cwd=cwd)
        done = self.git("commit", "-qm", "m", cwd=cwd, code=code)
        return done.stdout + done.stderr

    def calls(self) -> list[str]:
        """How the guard's program was called since the last time."""
        return self._taken("called").splitlines()

    def stdin(self) -> str:
        return self._taken("called.stdin")

    def note(self, name: str) -> str:
        """What a hook of a test wrote there."""
        return self._taken(name)

    def _taken(self, name: str) -> str:
        path = self.top / name
        text = path.read_text() if path.exists() else ""
        path.unlink(missing_ok=True)
        return text

    def place(self, folder: Path | None = None) -> HookPlace:
        return find_place(self.environment, folder or self.repository, named=True)

    @property
    def own(self) -> Path:
        return own_folder(self.environment, self.home)

    def install(self, folder: Path | None = None) -> Plan:
        plan = plan_install(self.place(folder), self.program, self.own)
        carry_out(plan)
        return plan

    def uninstall(self, folder: Path | None = None) -> Plan:
        plan = plan_uninstall(self.place(folder))
        carry_out(plan)
        return plan

    def install_everywhere(self) -> Plan:
        plan = plan_global_install(self.environment, self.home, self.program)
        carry_out(plan)
        return plan

    def uninstall_everywhere(self) -> Plan:
        plan = plan_global_uninstall(self.environment, self.home)
        carry_out(plan)
        remove_folder(self.environment, self.home)
        return plan

    def status(self, folder: Path | None = None) -> list[Told]:
        return look(self.place(folder), self.own, self.environment)

    def hook(self, name: str, text: str, mode: int = 0o755, folder: Path | None = None) -> Path:
        """A hook of somebody else's."""
        path = (folder or self.repository / ".git/hooks") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def noting(self, name: str, code: int = 0) -> str:
        """The text of a hook that writes down its arguments and what it is given."""
        note = shlex.quote(str(self.top / name))
        return f"#!/bin/sh\nprintf '[%s]' \"$@\" >{note}.args\ncat >{note}\nexit {code}\n"


def carry_out(plan: Plan) -> None:
    for change in plan.changes:
        make(change)


def tree(folder: Path) -> Mapping[str, tuple[int, bytes]]:
    """Every file below, with mode and content."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".sample")]
    return {str(path.relative_to(folder)): (path.stat().st_mode & 0o777, path.read_bytes()) for path in files}


def on_path(scene: Scene) -> None:
    """Entries call the program by name: PATH finds it."""
    scene.extra["PATH"] = os.pathsep.join((str(scene.program.parent), str(Path(sys.prefix, "bin")), os.environ["PATH"]))
