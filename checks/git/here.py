"""The repository in which the current folder lies, as git itself would take it: what a hook is asked about."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from checks.git.repository import is_git_folder
from checks.git.runner import HOOK_VARIABLES, Git, GitError, git_program

_LEADS = b"gitdir:"
_LONGEST = 8192


class Here(NamedTuple):
    """git on one work tree, with that work tree's own index."""

    git: Git
    top: Path
    """The work tree's root; of a bare repository its own folder."""


def repository_here(environment: Mapping[str, str], folder: Path) -> Here:
    """`folder` is the current one, absolute. git tells its hooks more by variables (githooks(5)). Raises GitError."""
    named = environment.get("GIT_DIR")
    if named:
        top, dot = Path(environment.get("GIT_WORK_TREE") or folder), folder / named
    else:
        top, dot = _found(folder)
    git_folder = _led_to(dot)
    if not git_folder.is_dir():
        raise GitError(f"{dot} leads to no repository; git worktree repair mends it where it was moved")
    kept = {name: _absolute(environment[name], folder) for name in HOOK_VARIABLES if environment.get(name)}
    return Here(Git(git_program(environment), git_folder, kept=kept), folder / top)


def _found(folder: Path) -> tuple[Path, Path]:
    """The nearest folder upwards with a `.git`, and that; or a bare repository."""
    for each in (folder, *folder.parents):
        if (each / ".git").exists():
            return each, each / ".git"
        if is_git_folder(each):
            return each, each
    raise GitError(f"{folder} lies in no git repository; change into one first")


def _led_to(dot: Path) -> Path:
    """The git folder: of a linked work tree or a submodule, a file says where it lies (gitrepository-layout(5))."""
    if not dot.is_file():
        return dot.resolve()
    with dot.open("rb") as stream:
        text = stream.read(_LONGEST)
    if not text.startswith(_LEADS):
        raise GitError(f"{dot} is no file of git's")
    return (dot.parent / os.fsdecode(text.removeprefix(_LEADS).strip())).resolve()


def _absolute(value: str, folder: Path) -> str:
    """git is started in another folder than the hook was. A list of folders is absolute already: git made it."""
    return value if os.pathsep in value else str(folder / value)
