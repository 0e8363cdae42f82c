"""What the next commit brings is read from the index, whatever lies in the work tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from checks.git.here import repository_here
from checks.git.items import Content, Item, contents
from checks.git.runner import Git, GitError
from checks.git.staged import staged
from checks.model.finding import Skipped
from tests.services.git_repository import ALONE, GitRepository


def environment(home: Path, **more: str) -> dict[str, str]:
    return {**ALONE, "HOME": str(home), "PATH": os.environ["PATH"], **more}


def items(repository: GitRepository, folder: Path | None = None, **more: str) -> list[Item]:
    here = repository_here(environment(repository.path.parent, **more), folder or repository.path)
    return staged(here.git)


def held(repository: GitRepository, largest: int = 1000, **more: str) -> dict[str, bytes | str]:
    """The content by path, or why it was not read."""
    here = repository_here(environment(repository.path.parent, **more), repository.path)
    found: dict[str, bytes | str] = {}
    for one in contents(here.git, staged(here.git), largest):
        if isinstance(one, Skipped):
            found[one.path] = one.reason
        else:
            found[one.item.path] = one.data
    return found


@pytest.fixture(params=["sha1", "sha256"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> GitRepository:
    return GitRepository.new(tmp_path / "shop", f"--object-format={request.param}")


def test_the_index_and_not_the_work_tree(repository: GitRepository) -> None:
    repository.added("a.txt", "old")
    repository.write("a.txt", "staged")
    repository.git("add", "a.txt")
    repository.write("a.txt", "work tree")
    repository.write("untracked.txt", "x")
    assert held(repository) == {"a.txt": b"staged"}
    repository.write("a.txt", "old")
    assert held(repository) == {"a.txt": b"staged"}


def test_before_the_first_commit(repository: GitRepository) -> None:
    assert items(repository) == []
    repository.write("a.txt", "first")
    repository.git("add", ".")
    assert held(repository) == {"a.txt": b"first"}
    assert [one.before for one in items(repository)] == [()]


def test_what_stood_there_before(repository: GitRepository) -> None:
    repository.added("a.txt", "old")
    repository.write("a.txt", "new")
    repository.git("add", ".")
    assert [one.before for one in items(repository)] == [(repository.blob("old"),)]


def test_a_file_that_only_moved_brings_nothing_new(repository: GitRepository) -> None:
    repository.added("a.txt", "content")
    repository.git("mv", "a.txt", "b.txt")
    (moved,) = items(repository)
    assert (moved.path, moved.before) == ("b.txt", (moved.id,))
    (repository.path / "b.txt").chmod(0o755)
    repository.commit()
    repository.git("update-index", "--chmod=-x", "b.txt")
    assert items(repository) == []


def test_odd_names(repository: GitRepository) -> None:
    names = ["line\nbreak", "tab\tname", "ümlaut", "--option", os.fsdecode(b"no-utf8-\xff"), '"quoted"']
    for name in names:
        repository.write(name, name)
    repository.git("add", "--all")
    assert {one.path for one in items(repository)} == set(names)


def test_deleted_files_links_and_submodules(repository: GitRepository, tmp_path: Path) -> None:
    repository.added("gone.txt", "x")
    other = GitRepository.new(
        tmp_path / "other", f"--object-format={repository.git('rev-parse', '--show-object-format')}"
    )
    other.added("inner.txt", "y")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path), "sub")
    repository.git("rm", "--quiet", "gone.txt")
    (repository.path / "link").symlink_to("target")
    repository.git("add", "--all")
    assert set(held(repository)) == {".gitmodules", "link"}
    assert held(repository)["link"] == b"target"


def test_an_intended_file_has_no_content_yet(repository: GitRepository) -> None:
    repository.added("a.txt", "x")
    repository.write("later.txt", "not staged")
    repository.git("add", "--intent-to-add", "later.txt")
    assert held(repository).get("later.txt", b"") == b""


def test_what_a_merge_brings_in(repository: GitRepository) -> None:
    repository.added("a.txt", "x")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.added("side.txt", "from the side")
    repository.git("checkout", "--quiet", "main")
    repository.added("b.txt", "y")
    repository.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
    assert held(repository) == {"side.txt": b"from the side"}


def test_too_large_and_missing_are_told(repository: GitRepository) -> None:
    repository.write("large.txt", "x" * 1001)
    repository.write("gone.txt", "gone")
    repository.git("add", "--all")
    blob = repository.blob("gone")
    (repository.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    told = held(repository)
    assert told == {"large.txt": "too large: 1.0 kB, the limit is 1.0 kB", "gone.txt": "missing from this clone"}


def test_the_index_that_a_hook_is_given(repository: GitRepository) -> None:
    repository.write("a.txt", "in the usual index")
    repository.git("add", "a.txt")
    repository.write("b.txt", "in another index")
    repository.environ["GIT_INDEX_FILE"] = str(repository.path / ".git/other")
    repository.git("add", "b.txt")
    assert set(held(repository, GIT_INDEX_FILE=".git/other")) == {"b.txt"}
    assert set(held(repository)) == {"a.txt"}


def test_from_a_folder_below_and_in_a_linked_work_tree(repository: GitRepository, tmp_path: Path) -> None:
    repository.added("deep/down/a.txt", "x")
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = GitRepository(tmp_path / "linked")
    linked.write("deep/b.txt", "y")
    linked.git("add", "--all")
    assert [one.path for one in items(linked, linked.path / "deep/down")] == ["deep/b.txt"]
    assert items(repository) == []
    assert repository_here(environment(tmp_path), linked.path / "deep").top == linked.path


def test_a_git_folder_elsewhere(repository: GitRepository, tmp_path: Path) -> None:
    """As managers of dotfiles have it: `git --git-dir=... --work-tree=...`."""
    repository.write("a.txt", "x")
    repository.git("add", "--all")
    home = tmp_path / "home"
    home.mkdir()
    git_folder = str(repository.path / ".git")
    here = repository_here(environment(tmp_path, GIT_DIR=git_folder, GIT_WORK_TREE=str(home)), tmp_path)
    assert (here.top, [one.path for one in staged(here.git)]) == (home, ["a.txt"])


def test_where_there_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="lies in no git repository"):
        repository_here(environment(tmp_path), tmp_path)
    (tmp_path / ".git").write_text("gitdir: nowhere")
    with pytest.raises(GitError, match="leads to no repository"):
        repository_here(environment(tmp_path), tmp_path)
    (tmp_path / ".git").write_text("something else")
    with pytest.raises(GitError, match="no file of git's"):
        repository_here(environment(tmp_path), tmp_path)


def test_nothing_of_the_repository_runs(repository: GitRepository, tmp_path: Path) -> None:
    """A filter and a file-system monitor of the repository's own, which plain git starts."""
    ran = tmp_path / "ran"
    script = tmp_path / "payload"
    script.write_text(f"#!/bin/sh\necho x >> {ran}\ncat\n")
    script.chmod(0o755)
    repository.added("a.txt", "x")
    repository.git("config", "filter.evil.clean", str(script))
    repository.git("config", "core.fsmonitor", str(script))
    repository.write(".gitattributes", "* filter=evil\n")
    repository.write("a.txt", "y")
    repository.git("add", "--all")
    assert ran.exists()
    ran.unlink()
    assert {one.path for one in items(repository)} == {".gitattributes", "a.txt"}
    assert held(repository)
    assert not ran.exists()


def test_contents_are_told_with_their_kind(repository: GitRepository) -> None:
    commit = repository.added("a.txt", "x", "a message")
    tree = repository.git("rev-parse", "HEAD^{tree}")
    here = repository_here(environment(repository.path.parent), repository.path)
    found = list(contents(here.git, [Item("", commit), Item("", tree), Item("a.txt", repository.blob("x"))], 1000))
    assert [one.kind for one in found if isinstance(one, Content)] == ["commit", "blob"]


def test_a_file_that_is_too_large_is_not_waited_for(repository: GitRepository) -> None:
    """git is ended at it, and started again for those behind it: to pass over it would take as long as to read it."""
    for name in ("a", "b", "c", "d"):
        repository.write(name, os.urandom(300_000) if name in "bc" else name)
        repository.git("add", name)
    here = repository_here(environment(repository.path.parent), repository.path)
    read: list[int] = []

    class Counting(Git):
        @contextmanager
        def running(self, *arguments: str, stdin: bytes | IO[bytes] = b"") -> Iterator[IO[bytes]]:
            with super().running(*arguments, stdin=stdin) as stream:
                yield stream
                read.append(len(stream.read()))

    found = list(contents(Counting(here.git.program, here.git.folder), staged(here.git), 1000))
    assert [one.item.path if isinstance(one, Content) else one.reason[:9] for one in found] == [
        "a", "too large", "too large", "d",
    ]  # fmt: skip
    assert sum(size > 300_000 for size in read) == 2, "what was left of each when git would have been ended"


def test_what_is_to_be_done_meanwhile_is_done_while_git_looks(repository: GitRepository) -> None:
    repository.write("a", "x")
    repository.git("add", "a")
    done: list[str] = []
    here = repository_here(environment(repository.path.parent), repository.path)
    assert [one.path for one in staged(here.git, meanwhile=lambda: done.append("once"))] == ["a"]
    assert done == ["once"]
