"""What one walk tells of all commits, against git's own ways to ask for it."""

from __future__ import annotations

import os

import pytest

from checks.git import brought
from checks.git.arrivals import arrivals, arrivals_in
from checks.git.brought import Brought
from checks.git.runner import Git, GitError, git_program
from tests.services.git_repository import GitRepository


@pytest.fixture
def git(repository: GitRepository, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A history with branches, merges that bring something of their own, renames, roots, a submodule, a reflog."""
    monkeypatch.setattr(brought, "_FEWEST", 2)  # several gits, as for a long history
    repository.added("a/one", "1\n")
    repository.git("mv", "a/one", "b two\n\x01D")
    repository.commit("rename")
    repository.git("checkout", "-q", "-b", "side", "HEAD~1")
    repository.added("a/three", "3\n")
    repository.git("checkout", "-q", "main")
    repository.added("empty", "")
    repository.git("-c", "merge.directoryRenames=false", "merge", "-q", "--no-commit", "side")
    repository.added("evil", "only in the merge\n", "merge")
    repository.git("checkout", "-q", "--orphan", "other")
    repository.added("a/one", "1\n", "another root, the same file")
    repository.commit("nothing new")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{repository.head},module")
    repository.git("commit", "-q", "-m", "a submodule")
    repository.added("lost", "in the reflog only\n")
    repository.git("reset", "-q", "--hard", "HEAD~1")
    repository.git("checkout", "-q", "main")
    return Git(git_program({"PATH": os.defpath}), repository.path / ".git")


def blobs(git: Git) -> dict[str, str]:
    listed = git.read("rev-list", "--objects", "--all", "--reflog", "--filter=object:type=blob")
    words = [line.partition(b" ") for line in listed.split(b"\n")]
    return {name.decode(): os.fsdecode(path) for name, blank, path in words if path}


def test_every_file_of_every_commit_has_a_name(git: Git) -> None:
    found = Brought().walk(git, ())
    assert not found.trouble
    assert {name.decode() for name in found.paths} == set(blobs(git))


def test_arrivals_are_those_that_git_finds_object_by_object(git: Git) -> None:
    found = Brought().walk(git, ())
    names = list(blobs(git))
    one_by_one = set(arrivals(git, names))
    together = list(arrivals_in(git, names, found.commits_with(names)))
    assert set(together) == one_by_one
    assert len(together) == len(one_by_one) > 8
    order = git.read("rev-list", "--all", "--reflog", "--topo-order", "--reverse").decode().split()
    commits = [order.index(one.commit) for one in together]
    assert commits == sorted(commits)


def test_only_what_is_new(git: Git, repository: GitRepository) -> None:
    head = repository.head
    repository.added("new", "new\n")
    found = Brought().walk(git, [*git.read("for-each-ref", "--format=%(objectname)").decode().split()[1:], head])
    assert b"new" in found.paths.values() and b"evil" not in found.paths.values()
    repository.git("reset", "-q", "--hard", head)


def test_what_git_cannot_read_is_said(git: Git, repository: GitRepository) -> None:
    tree = repository.git("rev-parse", "HEAD^{tree}")
    (repository.path / ".git/objects" / tree[:2] / tree[2:]).unlink()
    assert tree in Brought().walk(git, ()).trouble
    with pytest.raises(GitError):
        Brought().take_in(git, ["f" * 39])


def test_commits_are_asked_for_by_what_they_brought(git: Git, repository: GitRepository) -> None:
    found = Brought().walk(git, ())
    merge = git.read("rev-list", "--merges", "--all").decode().split()
    name = next(name.decode() for name, path in found.paths.items() if path == b"evil")
    other_root = repository.git("rev-list", "--max-parents=0", "other")
    assert set(found.commits_with([name])) == {*merge, other_root}
    assert found.commits_with(["0" * 40]) == []
