"""Nothing of a repository's runs. Each payload is first seen to fire under plain git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.catalog import CHECKS
from checks.git.runner import ALLOWED, Git, GitError, git_program
from checks.model.workstation import Workstation
from checks.scan import FindingFound, scan
from tests.checks.conftest import NOBODY
from tests.checks.git.payloads import ANY, PAYLOADS, Scene
from tests.checks.git.scenes import found_in, planted, secrets_of
from tests.checks.git.test_history import read
from tests.services.git_repository import GitRepository

EACH = {
    "cat-file": ("-p", "HEAD:README"),
    "diff-index": ("--cached", "--raw", "-z", "HEAD", "--"),
    "for-each-ref": (),
    "hash-object": ("--stdin",),
    "log": ("-p", "--all", "--stat"),
    "ls-files": ("--stage", "--others", "--modified"),
    "ls-tree": ("-r", "HEAD"),
    "rev-list": ("--objects", "--all"),
    "rev-parse": ("HEAD",),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_runs(name: str, scene: Scene, here: Workstation) -> None:
    secret = planted(scene)
    commands = PAYLOADS[name](scene)
    scene.fired()
    scene.run(commands)
    assert scene.fired(), "the payload does not fire under plain git"
    scene.repository.write("README", "changed\n")
    assert secret in secrets_of(read(here, scene.repository.path).findings)
    assert not scene.fired(), "while history was read"
    git = Git(git_program(here.environment), scene.repository.path / ".git")
    assert set(EACH) == ALLOWED
    for subcommand, arguments in EACH.items():
        try:
            git.read(subcommand, *arguments)
        except GitError:
            assert name.startswith("promisor")
        assert not scene.fired(), subcommand
    found = [one.finding for one in scan(here, CHECKS, [scene.repository.path]) if isinstance(one, FindingFound)]
    assert secret in secrets_of(found)
    assert not scene.fired(), "while the folder was scanned"


def test_the_command_runs_nothing(scene: Scene, tmp_path: Path) -> None:
    """All payloads that do not exclude each other, in one repository, and the program as it is installed."""
    planted(scene)
    for name, arm in PAYLOADS.items():
        if not name.startswith(("promisor", "submodule", "core.hooksPath")):
            arm(scene)
    scene.run([("status",), ("log",)])
    assert scene.fired()
    home = tmp_path / "home"
    home.mkdir()
    command = [str(Path(sys.prefix, "bin", "dockhygiene")), "scan", str(scene.repository.path), "--format", "json"]
    environ = {"HOME": str(home), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environ, cwd=home, capture_output=True, timeout=100)
    assert b"commit message of" in done.stdout, done.stderr
    assert not scene.fired()


FIRE = (
    (("GIT_CONFIG_GLOBAL",), "status"),
    (("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0"), "status"),
    (("GIT_CONFIG_PARAMETERS",), "status"),
    (("GIT_EXTERNAL_DIFF",), "diff"),
    (("GIT_TRACE",), "status"),
    (("GIT_TRACE2_EVENT",), "status"),
    (("GIT_SSH_COMMAND",), "ls-remote", "ssh://git.example.com/a"),
    (("GIT_ASKPASS",), "credential", "fill"),
)


def test_variables_of_the_caller_do_not_reach_git(
    scene: Scene, here: Workstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = planted(scene)
    other = GitRepository.new(tmp_path / "other")
    settings = scene.program.with_name("settings")
    settings.write_text(f"[core]\n\tfsmonitor = {scene.program}\n[trace2]\n\teventTarget = {scene.mark}\n")
    variables = {
        "GIT_DIR": str(other.path / ".git"),
        "GIT_WORK_TREE": str(other.path),
        "GIT_INDEX_FILE": "/nowhere",
        "GIT_OBJECT_DIRECTORY": str(other.path / ".git/objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(other.path / ".git/objects"),
        "GIT_CONFIG": str(settings),
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_CONFIG_SYSTEM": str(settings),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": str(scene.program),
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor={scene.program}'",
        "GIT_EXTERNAL_DIFF": str(scene.program),
        "GIT_TRACE": str(scene.mark),
        "GIT_TRACE2_EVENT": str(scene.mark),
        "GIT_SSH_COMMAND": str(scene.program),
        "GIT_PAGER": str(scene.program),
        "GIT_ASKPASS": str(scene.program),
        "GIT_NAMESPACE": "other",
        "GIT_EXEC_PATH": str(tmp_path),
        "GIT_DEFAULT_HASH": "sha256",
    }
    scene.repository.write("README", "changed\n")
    for names, *command in FIRE:
        scene.repository.environ = {name: variables[name] for name in names}
        scene.repository.git(*command, fine=ANY, given=b"protocol=https\nhost=git.example.com\n\n")
        assert scene.fired(), f"{names} do not fire under plain git"
    scene.repository.environ = {"GIT_DIR": variables["GIT_DIR"]}
    assert secret not in scene.repository.git("log", fine=ANY)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    scene.repository.environ = {}
    assert found_in(here, scene)[0] == {secret}
    assert found_in(Workstation(here.home, {**here.environment, **variables}, here.key), scene)[0] == {secret}
    assert not scene.fired()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to somebody else")
def test_another_owner(tmp_path: Path) -> None:
    """git refuses it, and the person's own settings would have to be weakened; read as a third person."""
    program = Path(__file__).parents[3]
    as_third = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
    started = [*as_third, sys.executable, "-c", "import tui.main, checks.catalog"]
    if subprocess.run(started, cwd=program, env={"PATH": os.defpath}, capture_output=True).returncode:
        pytest.skip("others cannot start this program where it is installed")
    with tempfile.TemporaryDirectory() as made:  # a third person cannot enter tmp_path
        folder = Path(made)
        folder.chmod(0o755)
        scene = Scene.new(folder / "hostile")
        planted(scene)
        scene.run(PAYLOADS["core.fsmonitor"](scene))
        assert scene.fired()
        for path in (scene.repository.path, *scene.repository.path.rglob("*")):
            os.chown(path, 12345, 12345)
        home = folder / "third"
        home.mkdir()
        settings = home / ".gitconfig"
        settings.write_text("[user]\n\tname = Third\n")
        os.chown(home, NOBODY, NOBODY)
        environ = {"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C.UTF-8"}
        refused = subprocess.run([*as_third, "git", "log"], cwd=scene.repository.path, env=environ, capture_output=True)
        assert b"dubious ownership" in refused.stderr
        command = [*as_third, sys.executable, "-m", "tui.main", "scan", str(scene.repository.path), "--format", "json"]
        done = subprocess.run(command, cwd=program, env=environ, capture_output=True, timeout=100)
        assert b"commit message of" in done.stdout, done.stderr
        assert settings.read_text() == "[user]\n\tname = Third\n"
        assert not (home / ".config").exists()
        assert not scene.fired()


class TestProgram:
    """Which git is started."""

    @pytest.fixture
    def fake(self, scene: Scene) -> Callable[[Path], Path]:
        def make(folder: Path) -> Path:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(scene.program, folder / "git")
            return folder

        return make

    @pytest.mark.parametrize("entry", ["writable", "empty", "relative", "current"])
    def test_a_hostile_one(
        self,
        scene: Scene,
        here: Workstation,
        fake: Callable[[Path], Path],
        entry: str,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        secret = planted(scene)
        folder = fake(tmp_path / "programs")
        monkeypatch.chdir(folder)
        first = {"writable": str(folder), "empty": "", "relative": "../programs", "current": "."}[entry]
        if entry == "writable":
            folder.chmod(0o777)
        path = f"{first}{os.pathsep}{os.defpath}"
        subprocess.run(["/bin/sh", "-c", "git status"], env={"PATH": path}, capture_output=True)
        assert scene.fired()
        assert found_in(Workstation(here.home, {"PATH": path}, here.key), scene)[0] == {secret}
        assert not scene.fired()

    def test_none_is_said(self, scene: Scene, here: Workstation) -> None:
        planted(scene)
        found, told = found_in(Workstation(here.home, {"PATH": "/nowhere"}, here.key), scene)
        assert not found
        (skipped,) = told.skipped
        assert "not installed" in skipped.reason
