"""Repositories that lead elsewhere, or hide what they hold."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from checks.model.workstation import Workstation
from tests.checks.conftest import random_token
from tests.checks.git.payloads import PAYLOADS, Scene
from tests.checks.git.scenes import found_in, planted, secrets_of
from tests.checks.git.test_history import read
from tests.services.git_repository import GitRepository


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
        assert secret in secrets_of(read(here, decoy).findings)

    @pytest.mark.parametrize("name", ["worktrees", "objects"])
    def test_links_that_lead_in_circles(self, here: Workstation, scene: Scene, name: str) -> None:
        secret = planted(scene)
        path = scene.repository.path / ".git" / name / "circle"
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(path)
        (path.parent / "up").symlink_to("..")
        assert secret in secrets_of(read(here, scene.repository.path).findings)

    def test_objects_that_lie_elsewhere_for_git(self, here: Workstation, scene: Scene, tmp_path: Path) -> None:
        """A `commondir` in a main git folder hides its own objects from plain git."""
        secret = planted(scene)
        other = GitRepository.new(tmp_path / "other")
        other.added("other", "x\n")
        (scene.repository.path / ".git/commondir").write_text(f"{other.path}/.git\n")
        assert secret not in scene.repository.git("log", "--all")
        assert secret in secrets_of(read(here, scene.repository.path).findings)


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
