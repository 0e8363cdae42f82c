"""A fresh clone of everything that a repository's references lead to. Nothing is shared with it, and nothing runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from checks.git.repository import Repository
from checks.git.runner import Git
from guides.history.git import Clone, bundled
from guides.history.spellings import Spelling
from guides.history.trouble import CleaningFailed

BUNDLE = "all.bundle"


def refuse(source: Git) -> None:
    """Raises CleaningFailed for a repository that cannot be cleaned from here, and says what can."""
    if (source.folder / "shallow").exists():
        raise CleaningFailed("this clone is shallow: most of the history is not in it", "git fetch --unshallow first")
    if source.read("rev-parse", "--show-object-format", limit=100).strip() != b"sha1":
        raise CleaningFailed("it is a SHA-256 repository, which git-filter-repo does not rewrite")


def write_bundle(source: Git, folder: Path, spellings: Sequence[Spelling]) -> Path:
    """The whole history in one file of this folder. Raises CleaningFailed, GitError."""
    path = folder / BUNDLE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as out, bundled(source, spellings) as stream:
        shutil.copyfileobj(stream, out, 1 << 20)
    return path


def clone_of(bundle: Path, source: Git, folder: Path, spellings: Sequence[Spelling]) -> Clone:
    """A bare clone with all references of the bundle. Raises GitError."""
    folder.mkdir(mode=0o700)
    made = Clone(source.program, folder, spellings)
    made.run("init", "--quiet", "--bare", "--template=")
    made.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", str(bundle), "+refs/*:refs/*")
    head = _head(source)
    if head:
        made.run("symbolic-ref", "HEAD", head)
    return made


def _head(source: Git) -> str:
    """The branch that is checked out, if it is one of a plain name."""
    try:
        text = (source.folder / "HEAD").read_bytes()[:1000]
    except OSError:
        return ""
    name = text.removeprefix(b"ref: ").strip() if text.startswith(b"ref: refs/heads/") else b""
    return name.decode() if name.isascii() and b"\0" not in name else ""


def outside(folder: Path, repository: Repository) -> None:
    """Raises CleaningFailed where this folder lies in the repository itself."""
    own = [repository.folder, *([repository.work_tree.resolve()] if repository.work_tree else [])]
    if any(folder.resolve().is_relative_to(one) for one in own):
        raise CleaningFailed("that folder lies in the repository itself", "name one outside of it")
