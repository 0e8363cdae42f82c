"""The set-up for pre-commit, run by pre-commit itself in a real repository.

One thing differs: `language: system` instead of an environment that pre-commit would have to download.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from guides.guards.ci.catalog import ci_system, set_up
from tests.guides.guards.ci.conftest import ROOT, VERSION, Server, planted, program
from tests.guides.guards.ci.events import NOTHING

pytest.importorskip("pre_commit")


@dataclass
class Repository:
    server: Server
    record: Path
    environment: Mapping[str, str]

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
        return subprocess.run(command, cwd=self.server.work, env=dict(self.environment), capture_output=True, text=True)

    @property
    def calls(self) -> list[str]:
        return self.record.read_text().splitlines() if self.record.exists() else []


def hooked(server: Server, *, real: bool) -> Repository:
    """The developer's clone with the hooks that pre-commit installs for our set-up."""
    programs, record = server.work.parent / "programs", server.work.parent / "record"
    goes_on = (
        f'exec "{sys.executable}" -P -c "from tui.main import main; raise SystemExit(main())" "$@"' if real else ""
    )
    program(programs, "dockhygiene", f'echo "$*" >>"{record}"\n{goes_on}')
    text = set_up(ci_system("pre-commit"), VERSION, "main")
    text = re.sub(r" *additional_dependencies: .*\n", "", text.replace("language: python", "language: system"))
    (server.work / ".pre-commit-config.yaml").write_text(text)
    (server.work / ".git/info/exclude").write_text(".pre-commit-config.yaml\n")
    environment = {
        **server.environment,
        "PATH": f"{programs}:{server.environment['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PRE_COMMIT_HOME": str(server.work.parent / "pre-commit"),
    }
    install = [sys.executable, "-m", "pre_commit", "install"]
    done = subprocess.run(install, cwd=server.work, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return Repository(server, record, environment)


def test_a_commit_and_a_push_are_looked_at(server: Server) -> None:
    repository = hooked(server, real=False)
    (server.work / "new.sh").write_text("echo new\n")
    assert repository.git("add", "new.sh").returncode == 0
    done = repository.git("commit", "-qm", "new")
    assert done.returncode == 0, done.stderr
    assert repository.calls == ["guard run --staged --fail-on medium"]
    done = repository.git("push", "-q", "origin", "feature")
    assert done.returncode == 0, done.stderr
    head = server.git("rev-parse", "HEAD")
    assert repository.calls[1:] == [f"guard run --range {server.at['last']}..{head} --fail-on medium"]


def test_the_first_push_of_all_is_looked_at_whole(server: Server, tmp_path: Path) -> None:
    repository = hooked(server, real=False)
    server.git("init", "-q", "--bare", str(tmp_path / "other.git"))
    server.git("remote", "add", "other", str(tmp_path / "other.git"))
    assert repository.git("push", "-q", "other", "feature").returncode == 0
    assert repository.calls == [f"guard run --range {NOTHING}..refs/heads/feature --fail-on medium"]


def test_a_secret_stops_the_commit_and_the_push(server: Server) -> None:
    repository = hooked(server, real=True)
    (server.work / "leak.sh").write_text(planted())
    repository.git("add", "leak.sh")
    done = repository.git("commit", "-qm", "leak")
    assert done.returncode == 1, done.stderr
    assert "leak.sh" in done.stderr + done.stdout
    assert repository.git("commit", "-qnm", "leak").returncode == 0
    assert repository.git("push", "-q", "origin", "feature").returncode != 0
    assert server.git("rev-parse", "feature", folder=server.bare) == server.at["last"]
    assert repository.git("reset", "-q", "--hard", "HEAD^").returncode == 0
    (server.work / "clean.sh").write_text("echo clean\n")
    repository.git("add", "clean.sh")
    assert repository.git("commit", "-qm", "clean").returncode == 0
    assert repository.git("push", "-q", "origin", "feature").returncode == 0
