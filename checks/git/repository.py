"""Which folders are repositories, and where a `.git` file leads. Read from the files themselves: git is not started.

GitPython opens `HEAD` whatever it is, and would hang on a named pipe; its import starts git.
Layout: gitrepository-layout(5).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from checks.files.reading import NotRead, read_file
from checks.model.finding import Skipped

CHECK = "git-history"
_SMALL = 64 * 1024
_LEADS = b"gitdir:"
_DAMAGED = "no repository, or a damaged one: HEAD, objects or refs are missing"
_NOWHERE = "leads to no repository; where it was moved, git worktree repair mends it"
_NAME_IT = "name that folder to have its history read"


class Repository(NamedTuple):
    """One repository, as it was met."""

    folder: Path
    """The git folder that holds the objects, without links."""
    shown: str
    """What the person knows it by: the work tree, or the folder itself where it is bare."""
    work_tree: Path | None = None
    heads: tuple[Path, ...] = ()
    """Git folders of linked work trees, each with a HEAD and an index of its own."""


def is_git_folder(path: Path) -> bool:
    """Whether this folder has the shape of a repository's own: HEAD, objects, refs."""
    return path.joinpath("HEAD").is_file() and all(path.joinpath(name).is_dir() for name in ("objects", "refs"))


def repository_at(folder: Path) -> Repository | Skipped | None:
    """The repository whose work tree or git folder this is; None where it is none, Skipped where `.git` misleads."""
    dot = folder / ".git"
    try:
        if os.path.lexists(dot):
            return _opened_by(dot)
        if not is_git_folder(folder):
            return None
        work_tree = folder.parent if folder.name == ".git" else None
        return _opened(folder, str(work_tree or folder), work_tree)
    except OSError as error:
        return Skipped(CHECK, str(dot), f"not readable: {error.strerror}")
    except (ValueError, RuntimeError):  # a NUL byte, links that lead in circles
        return Skipped(CHECK, str(dot), _NOWHERE)


def _opened_by(dot: Path) -> Repository | Skipped:
    kind = stat.S_IFMT(dot.lstat().st_mode)
    if dot.is_dir():
        if dot.joinpath("objects").is_dir():  # without a HEAD or refs they can still be read
            return _opened(dot, str(dot.parent), dot.parent)
        return Skipped(CHECK, str(dot), _DAMAGED)
    return _led_by(dot) if kind in (stat.S_IFREG, stat.S_IFLNK) else Skipped(CHECK, str(dot), _NOWHERE)


def _led_by(dot: Path) -> Repository | Skipped:
    """A linked work tree or a submodule: the git folder lies elsewhere, and leads back."""
    target = _leads_to(dot, _LEADS)
    if target is None:
        return Skipped(CHECK, str(dot), _NOWHERE)
    common = _common(target)
    if not is_git_folder(common):
        return Skipped(CHECK, str(dot), _NOWHERE)
    if common != target:
        if _leads_to(target / "gitdir") != dot.resolve():
            return Skipped(CHECK, str(dot), f"leads to {target}, which knows nothing of it: {_NAME_IT}")
        main = common.parent if common.name == ".git" else None
        return _opened(common, str(main or common), main)
    if not dot.resolve().is_relative_to(_holder(target)):
        return Skipped(CHECK, str(dot), f"leads out of its own repository, to {target}: {_NAME_IT}")
    return _opened(target, str(dot.parent), dot.parent)


def _holder(target: Path) -> Path:
    """The work tree that a submodule's git folder, `TOP/.git/modules/NAME`, belongs to."""
    parts = target.parts
    return Path(*parts[: parts.index(".git")]) if ".git" in parts else target


def _opened(folder: Path, shown: str, work_tree: Path | None) -> Repository:
    real = folder.resolve()
    try:
        linked = sorted(entry.name for entry in os.scandir(real / "worktrees") if entry.is_dir(follow_symlinks=False))
    except OSError:
        linked = []
    return Repository(real, shown, work_tree, tuple(real / "worktrees" / name for name in linked))


def _common(folder: Path) -> Path:
    """Where the objects of a linked work tree lie."""
    named = _text(folder / "commondir")
    return (folder / named).resolve() if named else folder


def _leads_to(file: Path, before: bytes = b"") -> Path | None:
    text = _text(file, before)
    return (file.parent / text).resolve() if text else None


def _text(file: Path, before: bytes = b"") -> str:
    try:
        data = read_file(file, _SMALL).data
    except NotRead:
        return ""
    return os.fsdecode(data[len(before) :].strip()) if data.startswith(before) and b"\0" not in data else ""
