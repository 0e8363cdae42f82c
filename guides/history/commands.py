"""The commands that a person runs after a rewriting. This program never pushes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.display import shell_path
from checks.formats.git_config import git_settings
from guides.history.outcome import Moved, Outcome

MOST = 40
"""Commands that are listed; the rest stands in a file of the clone."""
_CONFIG_BYTES = 1 << 20
_LOGIN = re.compile(r"^(https?://)[^/@]*@", re.IGNORECASE)


def address_of(repository: Path) -> str:
    """Where the repository of this git folder was cloned from, without a login; ADDRESS where it says nothing."""
    urls = [value for (_, name), value in _remotes(repository) if name == "url"]
    return _LOGIN.sub(r"\1", urls[0]) if urls else "ADDRESS"


def is_mirror(repository: Path) -> bool:
    """Whether it was made by `git clone --mirror`: then it has everything that the host has."""
    return any(name == "mirror" and value.lower() == "true" for (_, name), value in _remotes(repository))


def push(outcome: Outcome, clone: Path, repository: Path, home: Path) -> Iterator[tuple[str, str]]:
    """(what for, command), one after the other. Each names the old commit, so that nobody's push is overwritten."""
    yield "Go to the cleaned clone", f"cd {shell_path(clone, home)}"
    yield "Name the host", f"git remote add origin {_word(address_of(repository))}"
    if is_mirror(repository):
        yield "All of it, from a mirror clone", "git push --force --mirror origin"
        return
    moved = [*(outcome.remote_branches or outcome.branches), *outcome.tags]
    for one in moved[:MOST]:
        target = _target(one)
        yield (
            "A tag" if target.startswith("refs/tags/") else "A branch",
            f"git push --force-with-lease={_word(f'{target}:{one.old}')} origin {_word(f'{one.name}:{target}')}",
        )
    if len(moved) > MOST:
        yield f"And {len(moved) - MOST:,} more, from", shell_path(clone / "filter-repo/ref-map", home)


def own_clone(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """For who keeps a clone that has the old commits."""
    for one in outcome.branches[:3]:
        name = one.name.removeprefix("refs/heads/")
        yield "Work of your own, moved over", f"git rebase --onto {_word(f'origin/{name}')} {one.old[:12]} YOUR-BRANCH"
    yield "Forget what was stashed", "git stash clear"
    yield "Forget old states", "git reflog expire --expire=now --expire-unreachable=now --all"
    yield "Delete what nothing leads to", "git gc --prune=now"


def for_support(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """What the support of a host asks for."""
    yield "First changed commits", " ".join(outcome.first[:MOST]) or "none"
    yield "Pull or merge requests in this clone that change", str(len(outcome.pulls))
    yield "Objects of Git LFS that nothing names any more", str(outcome.lfs)


def _target(one: Moved) -> str:
    """The name of a reference on the host: `refs/remotes/origin/main` is its `refs/heads/main`."""
    if one.name.startswith("refs/remotes/"):
        return f"refs/heads/{one.name.split('/', 3)[3]}"
    return one.name


def _remotes(repository: Path) -> Iterator[tuple[tuple[str, str], str]]:
    """((name of the remote, setting), value)."""
    try:
        text = read_file(repository / "config", _CONFIG_BYTES).data.decode("utf-8", "replace")
    except NotRead:
        return
    for one in git_settings(text):
        if one.section == "remote" and one.value:
            yield (one.subsection.text if one.subsection else "", one.name), one.value.text


def _word(text: str) -> str:
    """One word of a POSIX shell, and safe to look at."""
    return shell_path(text, Path("/nowhere"))
