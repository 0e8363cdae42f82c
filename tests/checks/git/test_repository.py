"""Which folders are repositories."""

from __future__ import annotations

import os
from pathlib import Path

from checks.git.repository import Repository, repository_at
from checks.model.finding import Skipped
from tests.checks.conftest import unprivileged
from tests.services.git_repository import GitRepository


def opened(folder: Path) -> Repository:
    found = repository_at(folder)
    assert isinstance(found, Repository)
    return found


def test_a_work_tree_and_its_git_folder_are_one(repository: GitRepository) -> None:
    dot = repository.path / ".git"
    assert opened(repository.path) == opened(dot) == Repository(dot, str(repository.path), repository.path)


def test_a_bare_one(tmp_path: Path) -> None:
    made = GitRepository.new(tmp_path / "bare.git", "--bare")
    assert opened(made.path) == Repository(made.path, str(made.path))


def test_a_separate_git_folder(tmp_path: Path) -> None:
    made = GitRepository.new(tmp_path / "work", f"--separate-git-dir={tmp_path}/work/kept")
    found = repository_at(made.path)
    assert isinstance(found, Skipped)
    assert "name that folder" in found.reason
    assert opened(tmp_path / "work/kept").folder == tmp_path / "work/kept"


def test_linked_work_trees(repository: GitRepository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", "../linked")
    heads = (repository.path / ".git/worktrees/linked",)
    assert opened(tmp_path / "linked").heads == opened(repository.path).heads == heads
    assert opened(tmp_path / "linked").work_tree == repository.path


def test_a_moved_work_tree(repository: GitRepository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", "../linked")
    (tmp_path / "linked").rename(tmp_path / "moved")
    found = repository_at(tmp_path / "moved")
    assert isinstance(found, Skipped)
    assert "knows nothing of it" in found.reason


def test_a_submodule(repository: GitRepository, tmp_path: Path) -> None:
    inner = GitRepository.new(tmp_path / "inner")
    inner.added("x", "x\n")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "libs/inner")
    found = opened(repository.path / "libs/inner")
    assert found.folder == repository.path / ".git/modules/libs/inner"


def test_none(tmp_path: Path) -> None:
    (tmp_path / "HEAD").mkdir()
    for folder in (tmp_path, tmp_path / "none", tmp_path / ("x" * 200)):
        assert repository_at(folder) is None


def test_an_empty_git_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    found = repository_at(tmp_path)
    assert isinstance(found, Skipped)
    assert "no repository, or a damaged one" in found.reason


def test_names_that_are_no_names(tmp_path: Path) -> None:
    for folder in (Path("/\0"), tmp_path / ("x" * 5000)):
        assert not isinstance(repository_at(folder), Repository)


def test_one_that_may_not_be_looked_at(repository: GitRepository) -> None:
    dot = repository.path / ".git"
    dot.chmod(0)
    for path in (repository.path, *list(repository.path.parents)[:-2]):
        if os.geteuid() == 0:
            path.chmod(path.stat().st_mode | 0o055)
    with unprivileged():
        found = repository_at(repository.path)
    dot.chmod(0o755)
    assert isinstance(found, Skipped)
