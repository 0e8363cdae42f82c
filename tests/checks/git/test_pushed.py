"""What a push or a range brings: every object of it, under each way of saying so."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.git.arrivals import Span, arrivals
from checks.git.here import repository_here
from checks.git.items import Content, contents
from checks.git.pushed import NotInClone, brought, pushed_span, range_span
from checks.git.runner import Git, GitError
from checks.model.finding import Skipped
from tests.services.git_repository import ALONE, GitRepository


@pytest.fixture(params=["sha1", "sha256"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GitRepository]:
    """With a remote `origin`, and a pre-push hook that writes down what git tells it."""
    made = GitRepository.new(tmp_path / "shop", f"--object-format={request.param}")
    GitRepository.new(tmp_path / "server.git", "--bare", f"--object-format={request.param}")
    made.git("remote", "add", "origin", str(tmp_path / "server.git"))
    hook = made.path / ".git/hooks/pre-push"
    told = shlex.quote(str(tmp_path / "told"))
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\necho "$1" > {told}\necho "$2" >> {told}\ncat >> {told}\n')
    hook.chmod(0o755)
    yield made


def git_of(repository: GitRepository) -> Git:
    environment = {**ALONE, "HOME": str(repository.path.parent), "PATH": os.environ["PATH"]}
    return repository_here(environment, repository.path).git


def pushed(repository: GitRepository, *arguments: str) -> Span | None:
    """What the hook is told by a push that goes nowhere, so that the server does not learn of it."""
    told = repository.path.parent / "told"
    told.unlink(missing_ok=True)
    repository.git("push", "--quiet", "--dry-run", *arguments)
    remote, url, lines = told.read_bytes().split(b"\n", 2)
    return pushed_span(git_of(repository), lines, remote.decode(), url.decode())


def texts(repository: GitRepository, span: Span | None) -> set[str]:
    """What is in all that the span brings; of commits and tags their messages."""
    assert span
    git = git_of(repository)
    found = [one for one in contents(git, brought(git, span).items, 10**6) if isinstance(one, Content)]
    return {
        (one.data if one.kind == "blob" else one.data.partition(b"\n\n")[2]).decode().removesuffix("\n")
        for one in found
    }


def test_a_new_branch_and_what_it_took_out_again(repository: GitRepository) -> None:
    repository.added("a.txt", "known", "first")
    repository.git("push", "--quiet", "origin", "main")
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.added("b.txt", "a secret", "second")
    repository.removed("b.txt", "third")
    assert texts(repository, pushed(repository, "origin", "feature")) == {"second", "third", "a secret"}
    assert texts(repository, pushed(repository, "origin", "HEAD~1:refs/heads/x")) == {"second", "a secret"}


def test_the_first_push_brings_all(repository: GitRepository) -> None:
    repository.added("a.txt", "one", "first")
    repository.added("a.txt", "two", "second")
    assert texts(repository, pushed(repository, "origin", "main")) == {"first", "second", "one", "two"}


def test_a_force_push(repository: GitRepository) -> None:
    repository.added("a.txt", "known", "first")
    repository.added("a.txt", "dropped", "dropped one")
    repository.git("push", "--quiet", "origin", "main")
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    repository.added("a.txt", "instead", "another")
    assert texts(repository, pushed(repository, "--force", "origin", "main")) == {"another", "instead"}


def test_a_force_push_over_what_nobody_fetched(repository: GitRepository, tmp_path: Path) -> None:
    repository.added("a.txt", "known", "first")
    repository.git("push", "--quiet", "origin", "main")
    other = GitRepository(tmp_path / "other")
    other.path.mkdir()
    other.git("clone", "--quiet", str(tmp_path / "server.git"), ".")
    other.added("b.txt", "theirs", "their commit")
    other.git("push", "--quiet", "origin", "main")
    repository.added("a.txt", "mine", "my commit")
    assert texts(repository, pushed(repository, "--force", "origin", "main")) == {"my commit", "mine"}


def test_tags(repository: GitRepository) -> None:
    repository.added("a.txt", "known", "first")
    repository.git("push", "--quiet", "origin", "main")
    repository.git("tag", "-a", "v1", "-m", "what the tag says")
    repository.write("loose.txt", "only a tag leads here")
    repository.git("tag", "on-a-blob", repository.git("hash-object", "-w", "loose.txt"))
    assert texts(repository, pushed(repository, "origin", "v1")) == {"what the tag says"}
    assert texts(repository, pushed(repository, "origin", "on-a-blob")) == {"only a tag leads here"}
    both = texts(repository, pushed(repository, "origin", "--tags"))
    assert both == {"what the tag says", "only a tag leads here"}


def test_several_lines_and_a_deleted_branch(repository: GitRepository) -> None:
    repository.added("a.txt", "known", "first")
    repository.git("push", "--quiet", "origin", "main", "main:old")
    repository.git("checkout", "--quiet", "-b", "one")
    repository.added("b.txt", "of one", "on one")
    repository.git("checkout", "--quiet", "-b", "two", "main")
    repository.added("c.txt", "of two", "on two")
    assert pushed(repository, "origin", ":old") is None
    assert texts(repository, pushed(repository, "origin", ":old", "one", "two")) == {
        *("of one", "on one"),
        *("of two", "on two"),
    }


def test_nothing_to_push(repository: GitRepository) -> None:
    assert pushed_span(git_of(repository), b"") is None


def test_a_push_by_address_does_not_trust_what_is_known_of_remotes(repository: GitRepository, tmp_path: Path) -> None:
    repository.added("a.txt", "known", "first")
    repository.git("push", "--quiet", "origin", "main")
    GitRepository.new(
        tmp_path / "elsewhere.git", "--bare", f"--object-format={repository.git('rev-parse', '--show-object-format')}"
    )
    assert texts(repository, pushed(repository, str(tmp_path / "elsewhere.git"), "main")) == {"first", "known"}
    git = git_of(repository)
    line = f"refs/heads/main {repository.head} refs/heads/main {'0' * len(repository.head)}\n".encode()
    for name in ("https://x/y", "--all", "*", "or[i]gin", ""):
        assert pushed_span(git, line, name, name + "?") == Span((repository.head,)), name
    assert pushed_span(git, line, "origin", "x") == Span((repository.head,), (), "origin")


def test_a_line_that_is_not_understood_is_an_error(repository: GitRepository) -> None:
    for line in (b"refs/heads/main --all refs/heads/main 0000\n", b"short\n", b"a b c d\n"):
        with pytest.raises(GitError, match="not understood"):
            pushed_span(git_of(repository), line)


def test_a_range_brings_all_its_commits_bring(repository: GitRepository) -> None:
    base = repository.added("a.txt", "known", "first")
    repository.added("b.txt", "a secret", "second")
    head = repository.removed("b.txt", "third")
    git = git_of(repository)
    for text in (f"{base}..{head}", f"{base}..", "HEAD~2..HEAD", "main~2..main"):
        assert texts(repository, range_span(git, text)) == {"a secret", "second", "third"}, text
    assert "known" in texts(repository, range_span(git, f"{'0' * len(base)}..HEAD"))
    assert brought(git, range_span(git, "HEAD..HEAD")).items == []


def test_a_range_up_to_a_tag_brings_its_message(repository: GitRepository) -> None:
    repository.added("a.txt", "known", "first")
    repository.git("tag", "-a", "v1", "-m", "a secret")
    assert texts(repository, range_span(git_of(repository), "HEAD..refs/tags/v1")) == {"a secret"}


@pytest.mark.parametrize("text", ["HEAD", "a...b", "", "--all"])
def test_a_range_that_is_none(repository: GitRepository, text: str) -> None:
    repository.added("a.txt", "x")
    with pytest.raises(GitError, match=r"BASE\.\.HEAD"):
        range_span(git_of(repository), text)


@pytest.mark.parametrize("text", ["nowhere..HEAD", "--all..HEAD", "HEAD..--output=x", "HEAD..HEAD:a.txt"])
def test_ends_that_are_no_commits(repository: GitRepository, text: str) -> None:
    repository.added("a.txt", "x")
    with pytest.raises(NotInClone, match="fetch-depth"):
        range_span(git_of(repository), text)


def test_a_shallow_clone_is_no_clean_range(repository: GitRepository, tmp_path: Path) -> None:
    base = repository.added("a.txt", "x", "first")
    repository.added("b.txt", "a secret", "second")
    repository.removed("b.txt", "third")
    repository.git("push", "--quiet", "origin", "main")
    shallow = GitRepository(tmp_path / "shallow")
    shallow.path.mkdir()
    shallow.git("clone", "--quiet", "--depth=1", f"file://{tmp_path / 'server.git'}", ".")
    with pytest.raises(NotInClone, match="is no commit of this clone"):
        range_span(git_of(shallow), f"{base}..HEAD")
    shallow.git("fetch", "--quiet", "--depth=1", "origin", base)
    with pytest.raises(NotInClone, match="ends within the range"):
        range_span(git_of(shallow), f"{base}..HEAD")
    shallow.git("fetch", "--quiet", "--unshallow", "origin")
    assert "a secret" in texts(shallow, range_span(git_of(shallow), f"{base}..HEAD"))


def test_objects_that_are_missing_are_told(repository: GitRepository) -> None:
    repository.added("a.txt", "gone", "first")
    blob = repository.blob("gone")
    (repository.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = brought(git_of(repository), Span((repository.head,)))
    assert [one.files for one in found.skipped if isinstance(one, Skipped)] == [1]


def test_where_a_blob_came_in_and_what_stood_there(repository: GitRepository) -> None:
    first = repository.added("a.txt", "old", "first")
    second = repository.added("a.txt", "new", "second")
    repository.added("sub/line\nbreak", "new", "third")
    git = git_of(repository)
    new, old = repository.blob("new"), repository.blob("old")
    came = list(arrivals(git, [new], Span((repository.head,), (first,))))
    assert [(one.commit, one.path, one.before) for one in came] == [
        (second, "a.txt", old),
        (repository.head, "sub/line\nbreak", ""),
    ]
    assert {(one.blob, one.author) for one in came} == {(new, "Ada Example")}


def test_a_merge_brings_what_its_side_brought(repository: GitRepository) -> None:
    repository.added("a.txt", "known", "first")
    repository.git("push", "--quiet", "origin", "main")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.added("b.txt", "of the side", "on the side")
    repository.git("checkout", "--quiet", "main")
    repository.added("c.txt", "of main", "on main")
    repository.git("merge", "--quiet", "--no-commit", "side")
    repository.write("evil.txt", "only in the merge")
    repository.commit("the merge")
    assert texts(repository, pushed(repository, "origin", "main")) == {
        *("of the side", "on the side", "of main", "on main", "only in the merge", "the merge"),
    }
    blob = repository.blob("only in the merge")
    (came,) = arrivals(git_of(repository), [blob], Span((repository.head,)))
    assert (came.commit, came.path, came.before) == (repository.head, "evil.txt", "")
