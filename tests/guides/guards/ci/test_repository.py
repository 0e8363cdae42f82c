"""The repository around a folder, and the name of its main branch."""

from __future__ import annotations

from pathlib import Path

import pytest

from guides.guards.ci.repository import main_branch, work_tree_around
from tests.guides.guards.ci.conftest import Server


def test_the_main_branch_is_the_one_that_the_clone_noted(server: Server, tmp_path: Path) -> None:
    server.git("branch", "-m", "main", "release/2.x", folder=server.bare)
    server.git("clone", "-q", str(server.bare), str(tmp_path / "clone"))
    below = tmp_path / "clone" / "a" / "b"
    below.mkdir(parents=True)
    found = work_tree_around(below)
    assert found == tmp_path / "clone"
    assert main_branch(found) == "release/2.x"


def test_a_linked_work_tree_is_its_own_top(server: Server, tmp_path: Path) -> None:
    (server.work / ".git/refs/remotes/origin/HEAD").write_text("ref: refs/remotes/origin/trunk\n")
    server.git("worktree", "add", "-q", str(tmp_path / "linked"), "main")
    found = work_tree_around(tmp_path / "linked")
    assert found == tmp_path / "linked"
    assert main_branch(found) == "trunk"


@pytest.mark.parametrize("noted", ["ref: refs/remotes/origin/a b\n", "ref: refs/remotes/origin/$(x)\n", "", "\0\n"])
def test_what_cannot_be_a_plain_name_is_not_taken(noted: str, server: Server) -> None:
    file = server.work / ".git/refs/remotes/origin/HEAD"
    file.write_text(noted)
    assert main_branch(work_tree_around(server.work)) == "main"


def test_no_repository(tmp_path: Path, server: Server) -> None:
    assert work_tree_around(tmp_path) is None
    assert work_tree_around(server.bare) is None
    assert main_branch(None) == "main"
