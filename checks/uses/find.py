"""Looks for uses: in the trees that are named, else in the work trees below the home folder and in known places."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from checks import shell_startup
from checks.files.asking import each_once, matching
from checks.files.walk import Folder, LeaveOut, NotWalked, is_folder, walk_folders
from checks.model.finding import Skipped
from checks.model.use import Use
from checks.model.workstation import Workstation
from checks.trees.left_out import git_history, third_party
from checks.trees.repositories import work_trees
from checks.uses.git_remote import Remote, remote_of
from checks.uses.reading import CHECK, uses_in_file

BUDGET = 20.0
"""Seconds for what was not named."""
_SPENT = "the time for looking for uses was spent; name it to have it read"
_DEEPEST_UP = 40
_BELOW_HOME = (
    ".m2/settings.xml",
    ".gradle/gradle.properties",
    ".testcontainers.properties",
    ".gitlab-runner/config.toml",
)
_SYSTEM = (
    "etc/containerd/config.toml",
    "etc/containerd/conf.d/*.toml",
    "etc/containerd/certs.d/*/hosts.toml",
    "etc/rancher/k3s/registries.yaml",
    "etc/rancher/rke2/registries.yaml",
    "etc/gitlab-runner/config.toml",
    "var/lib/jenkins/credentials.xml",
)


def find_uses(
    workstation: Workstation, paths: Sequence[Path] = (), *, budget: float | None = BUDGET, full: bool = False
) -> Iterator[Use | Skipped]:
    """The uses below these paths, to their end; without any, those of known places and of the work trees below the
    home folder, for `budget` seconds (None: without a limit). `full`: also caches and what others wrote.

    Nothing is changed, started or connected to. The order is that of the names, tree after tree.
    """
    deadline = None if paths or budget is None else time.monotonic() + budget
    leave_out = git_history if paths or full else third_party
    seen: set[str] = set()
    if not paths:
        for path in each_once(_known_places(workstation)):
            seen.add(str(path))
            yield from _file(workstation, path, workstation.home, None)
    for top in paths or work_trees(workstation, leave_out, deadline):
        if isinstance(top, Skipped):
            yield top
        elif deadline is not None and time.monotonic() > deadline:
            yield Skipped(CHECK, str(top), _SPENT)
        else:
            yield from _tree(workstation, top, leave_out, deadline, seen)


def _known_places(workstation: Workstation) -> Iterator[Path]:
    return (path for path in _places(workstation) if not _is_missing(path))


def _is_missing(path: Path) -> bool:
    """Whether nothing is there; of what may not be looked at, reading it will say so."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _places(workstation: Workstation) -> Iterator[Path]:
    home = workstation.home
    yield from (home / name for name in _BELOW_HOME)
    yield from (path for path in matching(home, ".*") if shell_startup.claims(path))
    yield workstation.config_home / "fish" / "config.fish"
    yield workstation.config_home / "dockhygiene" / "uses.yaml"
    for pattern in _SYSTEM:
        yield from matching(workstation.root, pattern)
    if jenkins := workstation.environment.get("JENKINS_HOME"):
        yield Path(jenkins) / "credentials.xml"


def _tree(
    workstation: Workstation, top: Path, leave_out: LeaveOut, deadline: float | None, seen: set[str]
) -> Iterator[Use | Skipped]:
    """One tree, or one file. Each file is told by the remote of the repository that it lies in."""
    if not is_folder(top):
        yield from _file(workstation, top, top.parent.parent.parent, _remote_above(top.parent))
        return
    remotes: dict[str, Remote | None] = {}

    def not_git(folder: Folder, name: str) -> str:
        return _GIT if name == ".git" else leave_out(folder, name)

    for found in walk_folders(workstation, str(top), not_git):
        if isinstance(found, NotWalked):
            if found.reason != _GIT:
                yield Skipped(CHECK, found.path, found.reason)
            continue
        if deadline is not None and time.monotonic() > deadline:
            yield Skipped(CHECK, found.path, _SPENT)
            return
        remotes[found.path] = remote = _remote(found, remotes, top)
        for entry in found.files:
            if entry.path not in seen:
                yield from _file(workstation, Path(entry.path), top.parent.parent, remote)


_GIT = "git's own folder"


def _remote(folder: Folder, remotes: dict[str, Remote | None], top: Path) -> Remote | None:
    if ".git" in folder.folders or any(entry.name == ".git" for entry in folder.files):
        return remote_of(Path(folder.path))
    above = folder.path.rpartition("/")[0]
    return remotes[above] if above in remotes else _remote_above(top)


def _remote_above(folder: Path) -> Remote | None:
    """The remote of the nearest repository around this folder."""
    for number, one in enumerate((folder, *folder.parents)):
        if number > _DEEPEST_UP:
            break
        if (one / ".git").exists():
            return remote_of(one)
    return None


def _file(workstation: Workstation, path: Path, below: Path, remote: Remote | None) -> Iterator[Use | Skipped]:
    """Folders count for what a file is only from `below` on: what lies around a tree says nothing of it."""
    text = str(path)
    inside = text.removeprefix(f"{str(below).rstrip('/')}/") if below != Path("/") else text
    parts = tuple(part for part in inside.lower().split("/") if part)
    yield from uses_in_file(path, parts, workstation.limits.config_bytes, remote)
