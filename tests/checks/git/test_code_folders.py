"""Code outside the home folder is looked at where the person says so in git's own settings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from checks.git.code_folders import code_folders
from checks.model.workstation import Workstation
from checks.trees.left_out import third_party
from checks.trees.repositories import work_trees
from tests.services.git_repository import GitRepository

MakeWorkstation = Callable[..., Workstation]


def test_what_git_itself_wrote(workstation: MakeWorkstation, tmp_path: Path) -> None:
    here = workstation()
    environ = {"HOME": str(here.home), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}
    for folder in ("~/code", str(tmp_path / "a b"), "relative", str(tmp_path / "a b")):
        subprocess.run(
            ["git", "config", "--global", "--add", "dockhygiene.codeFolder", folder], env=environ, check=True
        )
    assert code_folders(here) == (here.home / "code", tmp_path / "a b")


def test_in_the_file_below_xdg_and_the_one_that_is_named(workstation: MakeWorkstation, tmp_path: Path) -> None:
    named = tmp_path / "settings"
    named.write_text("[dockhygiene]\n\tcodeFolder = /from/named\n")
    below = tmp_path / "xdg/git/config"
    below.parent.mkdir(parents=True)
    below.write_text("[dockhygiene]\n\tcodeFolder = /from/xdg\n")
    assert code_folders(workstation({"XDG_CONFIG_HOME": str(tmp_path / "xdg")})) == (Path("/from/xdg"),)
    assert code_folders(workstation({"GIT_CONFIG_GLOBAL": str(named)})) == (Path("/from/named"),)
    assert code_folders(workstation({"GIT_CONFIG_GLOBAL": ""})) == ()


def test_their_repositories_are_found_beside_those_at_home(workstation: MakeWorkstation, tmp_path: Path) -> None:
    here = workstation()
    at_home, elsewhere = (GitRepository.new(path).path for path in (here.home / "one", tmp_path / "src/deep/two"))
    bare = GitRepository.new(tmp_path / "src/three.git", "--bare").path
    (here.home / ".gitconfig").write_text(f"[dockhygiene]\n\tcodeFolder = {tmp_path / 'src'}\n")
    assert set(work_trees(here, third_party, None)) == {at_home, elsewhere, bare}
