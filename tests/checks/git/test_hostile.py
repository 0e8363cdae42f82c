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
from checks.model.finding import Finding
from checks.model.workstation import Workstation
from checks.scan import FindingFound, scan
from tests.checks.conftest import NOBODY, random_token
from tests.checks.git.payloads import PAYLOADS, Scene
from tests.checks.git.test_history import Told, read
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


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene.new(tmp_path / "hostile")


def planted(scene: Scene) -> str:
    """In a message, so that it is there whatever the payload does to files."""
    secret = random_token("dckr_pat_", 27)
    scene.repository.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", f"deploy with {secret}")
    scene.fired()
    return secret


def secrets_in(told: list[Finding]) -> set[str]:
    return {one.secret.reveal() for one in told if one.secret}


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_runs(name: str, scene: Scene, here: Workstation) -> None:
    secret = planted(scene)
    commands = PAYLOADS[name](scene)
    scene.fired()
    scene.run(commands)
    assert scene.fired(), "the payload does not fire under plain git"
    scene.repository.write("README", "changed\n")
    assert secret in secrets_in(read(here, scene.repository.path).findings)
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
    assert secret in secrets_in(found)
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


class TestElsewhere:
    """What `.git` leads to."""

    @pytest.fixture
    def decoy(self, tmp_path: Path) -> Path:
        """A work tree with a `.git` yet to be made, beside a hostile repository."""
        decoy = tmp_path / "decoy"
        decoy.mkdir()
        return decoy

    def misled(self, here: Workstation, decoy: Path) -> str:
        told = read(here, decoy)
        assert told.findings == []
        (skipped,) = told.skipped
        assert skipped.path == str(decoy / ".git")
        return skipped.reason

    def test_a_file_to_a_hostile_one(self, here: Workstation, scene: Scene, decoy: Path) -> None:
        planted(scene)
        commands = PAYLOADS["core.fsmonitor"](scene)
        (decoy / ".git").write_text(f"gitdir: {scene.repository.path}/.git\n")
        GitRepository(decoy).git(*commands[0])
        assert scene.fired()
        assert "leads out of its own repository" in self.misled(here, decoy)
        assert not scene.fired()

    def test_a_file_to_one_that_does_not_know_it(self, here: Workstation, scene: Scene, decoy: Path) -> None:
        planted(scene)
        scene.repository.git("worktree", "add", "--quiet", "../linked")
        (decoy / ".git").write_text((scene.repository.path.parent / "linked/.git").read_text())
        assert "knows nothing of it" in self.misled(here, decoy)

    def test_a_file_to_no_repository(self, here: Workstation, decoy: Path) -> None:
        os.mkfifo(decoy / "pipe")
        for target in ("/dev", "/dev/zero", "/nowhere", "pipe", ".git", ".", "", "\0", "x" * 5000, "../decoy"):
            (decoy / ".git").write_text(f"gitdir: {target}\n")
            assert "leads to no repository" in self.misled(here, decoy) or target == "x" * 5000

    def test_what_is_no_file(self, here: Workstation, decoy: Path) -> None:
        dot = decoy / ".git"
        for make in (
            lambda: os.mkfifo(dot),
            lambda: dot.symlink_to(dot),
            lambda: dot.symlink_to("/dev/zero"),
            lambda: dot.symlink_to("nowhere"),
            lambda: dot.write_bytes(b"\xff" * 100),
        ):
            make()
            assert "leads to no repository" in self.misled(here, decoy)
            dot.unlink()

    def test_a_link(self, here: Workstation, scene: Scene, decoy: Path) -> None:
        secret = planted(scene)
        (decoy / ".git").symlink_to(scene.repository.path / ".git")
        assert secret in secrets_in(read(here, decoy).findings)

    @pytest.mark.parametrize("name", ["worktrees", "objects"])
    def test_links_that_lead_in_circles(self, here: Workstation, scene: Scene, name: str) -> None:
        secret = planted(scene)
        path = scene.repository.path / ".git" / name / "circle"
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(path)
        (path.parent / "up").symlink_to("..")
        assert secret in secrets_in(read(here, scene.repository.path).findings)

    def test_objects_that_lie_elsewhere_for_git(self, here: Workstation, scene: Scene, tmp_path: Path) -> None:
        """A `commondir` in a main git folder hides its own objects from plain git."""
        secret = planted(scene)
        other = GitRepository.new(tmp_path / "other")
        other.added("other", "x\n")
        (scene.repository.path / ".git/commondir").write_text(f"{other.path}/.git\n")
        assert secret not in scene.repository.git("log", "--all")
        assert secret in secrets_in(read(here, scene.repository.path).findings)


def found_in(here: Workstation, scene: Scene) -> tuple[set[str], Told]:
    told = read(here, scene.repository.path)
    return secrets_in(told.findings), told


class TestHidden:
    """What plain git does not show any more."""

    @pytest.mark.parametrize("elsewhere", [True, False], ids=["elsewhere", "nowhere"])
    def test_core_worktree(self, here: Workstation, scene: Scene, tmp_path: Path, elsewhere: bool) -> None:
        secret = planted(scene)
        target = tmp_path / "elsewhere"
        scene.config("core.worktree", target)
        if elsewhere:
            target.mkdir()
            scene.repository.git("checkout", "--quiet", "-f", "HEAD")
            assert (target / "README").exists(), "plain git writes there"
            (target / "README").write_text("mine\n")
        else:
            scene.repository.git("status", fine=(128,))
        found, told = found_in(here, scene)
        assert secret in found
        assert told.skipped == []
        assert not elsewhere or (target / "README").read_text() == "mine\n"

    def test_replaced_commits(self, here: Workstation, scene: Scene) -> None:
        secret = planted(scene)
        scene.repository.git("replace", "HEAD", "HEAD~1")
        assert secret not in scene.repository.git("log")
        assert secret in found_in(here, scene)[0]

    def test_a_replaced_blob(self, here: Workstation, scene: Scene) -> None:
        secret = random_token("dckr_pat_", 27)
        scene.repository.added("a.py", f"key = '{secret}'\n")
        clean = scene.repository.git("hash-object", "-w", "--stdin", given=b"key = ''\n")
        scene.repository.git("replace", "-f", "HEAD:a.py", clean)
        assert secret not in scene.repository.git("show", "HEAD:a.py")
        found, told = found_in(here, scene)
        assert found == {secret}
        assert told.one.history and told.one.history.at_head

    def test_grafts(self, here: Workstation, scene: Scene) -> None:
        secret = random_token("dckr_pat_", 27)
        brought = scene.repository.added("a.py", f"key = '{secret}'\n")
        scene.repository.removed("a.py")
        (scene.repository.path / ".git/info").mkdir(exist_ok=True)
        (scene.repository.path / ".git/info/grafts").write_text(f"{scene.repository.head}\n")
        assert brought not in scene.repository.git("log", "--format=%H")
        found, told = found_in(here, scene)
        assert found == {secret}
        assert told.one.place.commit == brought

    def test_a_commit_graph_that_lies(self, here: Workstation, scene: Scene, tmp_path: Path) -> None:
        secret = random_token("dckr_pat_", 27)
        brought = scene.repository.added("a.py", f"key = '{secret}'\n")
        scene.repository.removed("a.py")
        graph = scene.repository.path / ".git/objects/info/commit-graph"
        scene.repository.git("commit-graph", "write", "--reachable")
        data = bytearray(graph.read_bytes())
        at = data.index(bytes.fromhex(scene.repository.git("rev-parse", "HEAD^{tree}")))
        while at >= 0:  # no commit has parents: 0x70000000, gitformat-commit-graph(5)
            data[at + 20 : at + 28] = b"\x70\0\0\0" * 2
            at = data.find(bytes.fromhex(scene.repository.git("rev-parse", "HEAD^{tree}")), at + 1)
        graph.chmod(0o644)
        graph.write_bytes(data)
        assert brought not in scene.repository.git("log", "--format=%H")
        assert found_in(here, scene)[1].one.place.commit == brought

    def test_settings_that_git_refuses(self, here: Workstation, scene: Scene) -> None:
        secret = planted(scene)
        config = scene.repository.path / ".git/config"
        before = config.read_text()
        for text in (
            "[core\n",
            "\0\xff",
            "[core]\n\trepositoryformatversion = 99\n",
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tunheard = of\n",
            "[include]\n\tpath = config\n",
        ):
            config.write_text(before + text)
            scene.repository.git("log", fine=(128,))
            found, told = found_in(here, scene)
            assert secret in found, text
            (skipped,) = told.skipped
            assert "objects were read all the same" in skipped.reason
        for text in ("[include]\n\tpath = ~/none\n", "[core]\n\tworktree = ~\n", "[includeIf]\n\tx = y\n"):
            config.write_text(before + text)
            found, told = found_in(here, scene)
            assert (found, told.skipped) == ({secret}, [])

    def test_settings_that_git_waits_for(self, here: Workstation, scene: Scene) -> None:
        secret = planted(scene)
        pipe = scene.program.with_name("pipe")
        os.mkfifo(pipe)
        outside = scene.program.with_name("outside")
        outside.write_text(f"[include]\n\tpath = {pipe}\n")
        scene.config("includeIf.gitdir:**.path", outside)
        environ = {"PATH": os.defpath, "HOME": str(scene.program.parent)}
        with pytest.raises(subprocess.TimeoutExpired):
            subprocess.run(["git", "log"], cwd=scene.repository.path, env=environ, timeout=0.3, capture_output=True)
        found, told = found_in(here, scene)
        assert found == {secret}
        assert "include" in told.skipped[0].reason


class TestAlternates:
    def borrowing(self, scene: Scene, *lines: str) -> None:
        (scene.repository.path / ".git/objects/info/alternates").write_text("".join(f"{line}\n" for line in lines))

    def test_valid_ones(self, here: Workstation, scene: Scene, tmp_path: Path) -> None:
        other = GitRepository.new(tmp_path / "other")
        secret = random_token("dckr_pat_", 27)
        other.added("a.py", f"key = '{secret}'\n")
        self.borrowing(scene, f"{other.path}/.git/objects")
        assert found_in(here, scene)[0] == {secret}
        (scene.repository.path / ".git/HEAD").write_text("")
        assert found_in(here, scene)[0] == {secret}

    def test_misleading_ones(self, here: Workstation, scene: Scene, tmp_path: Path) -> None:
        secret = planted(scene)
        os.mkfifo(tmp_path / "pipe")
        for target in ("/nowhere", "../objects", ".", "/dev", "/dev/zero", str(tmp_path / "pipe"), '"', "", "x" * 5000):
            self.borrowing(scene, target)
            assert found_in(here, scene)[0] == {secret}, target

    @pytest.mark.parametrize("name", ["info/alternates", "pack/pack-1.idx"])
    def test_a_pipe(self, here: Workstation, scene: Scene, tmp_path: Path, name: str) -> None:
        secret = planted(scene)
        other = GitRepository.new(tmp_path / "other")
        self.borrowing(scene, f"{other.path}/.git/objects")
        (other.path / ".git/objects/pack/pack-1.pack").write_bytes(b"PACK")
        os.mkfifo(other.path / ".git/objects" / name)
        found, told = found_in(here, scene)
        assert found == {secret}
        assert "no regular file" in told.skipped[0].reason


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
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with_them = {**os.environ, "GIT_EXEC_PATH": "", "GIT_DIR": str(scene.repository.path / ".git")}
    subprocess.run(["git", "diff"], cwd=scene.repository.path, env=with_them, capture_output=True)
    assert scene.fired()
    assert found_in(here, scene)[0] == {secret}
    assert found_in(Workstation(here.home, {**here.environment, **variables}, here.key), scene)[0] == {secret}
    assert not scene.fired()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to somebody else")
def test_another_owner(tmp_path: Path) -> None:
    """git refuses it, and the person's own settings would have to be weakened; read as a third person."""
    program = Path(__file__).parents[3]
    if not all(one.stat().st_mode & 0o5 == 0o5 for one in (program, *program.parents)):
        pytest.skip("others cannot read this program here")
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
        as_third = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
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
