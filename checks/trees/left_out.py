"""Which folders are not walked, by name and with the reason that the person reads. Nothing is left out silently."""

from __future__ import annotations

import os

from checks.files.walk import Folder

_GIT_OBJECTS = frozenset({"objects", "refs"})
"""Folders of a repository that git-history reads through git; config, hooks, logs and messages are read as files."""
GIT_HISTORY = "git history, which this scan does not read"
_GIT_FILES = {
    "lfs": "files of Git LFS, which this scan does not read",
    "annex": "files of git-annex, which this scan does not read",
}

_THIRD_PARTY = {
    "node_modules": "packages of npm",
    "bower_components": "packages of Bower",
    "site-packages": "Python packages",
    "dist-packages": "Python packages",
    "__pycache__": "compiled Python",
    ".tox": "Python environments",
    ".nox": "Python environments",
    ".mypy_cache": "a cache",
    ".pytest_cache": "a cache",
    ".ruff_cache": "a cache",
    ".gradle": "a cache of Gradle",
    ".terraform": "providers of Terraform",
    ".cache": "caches",
    ".npm": "a cache of npm",
    ".rustup": "toolchains of Rust",
    ".ccache": "a cache",
    "Caches": "caches",
    ".Trash": "the waste basket",
    "Trash": "the waste basket",
    "lost+found": "the file system's own",
}
_BELOW = {
    (".cargo", "registry"): "packages of Cargo",
    (".cargo", "git"): "packages of Cargo",
    (".m2", "repository"): "packages of Maven",
    ("go", "pkg"): "packages of Go",
    ("share", "containers"): "images of podman",
    ("lib", "docker"): "images of docker",
    (".yarn", "cache"): "packages of Yarn",
    (".pnpm-store", "v3"): "packages of pnpm",
}
_ENVIRONMENT = "pyvenv.cfg"
FULL = "--full reads them"


def git_history(folder: Folder, name: str) -> str:
    """For a tree that the person named: all is walked but git's own objects."""
    if name not in _GIT_OBJECTS and name not in _GIT_FILES:
        return ""
    inside = folder.path.endswith("/.git") or folder.path.rpartition("/")[0].endswith("/.git/modules")
    return _GIT_FILES.get(name, GIT_HISTORY) if inside or is_repository(folder) else ""


def is_repository(folder: Folder) -> bool:
    """Whether it has the layout of a git folder: `.git`, a bare repository, or a submodule's."""
    return "objects" in folder.folders and "refs" in folder.folders and holds(folder, "HEAD")


def has_repository(folder: Folder) -> bool:
    """Whether a repository, or a file that leads to one, lies in it under the usual name; or it is one."""
    return ".git" in folder.folders or holds(folder, ".git") or is_repository(folder)


def holds(folder: Folder, name: str) -> bool:
    return any(entry.name == name for entry in folder.files)


def third_party(folder: Folder, name: str) -> str:
    """For a scan without PATH: what others wrote and anybody can download, caches, environments."""
    if reason := git_history(folder, name):
        return reason
    if os.path.ismount(f"{folder.path.rstrip('/')}/{name}"):
        return "another file system; name it to have it read"
    what = _THIRD_PARTY.get(name) or _BELOW.get((folder.path.rpartition("/")[2], name))
    if what:
        return f"{what}; {FULL}"
    if any(entry.name == _ENVIRONMENT for entry in folder.files) and name in ("lib", "lib64", "bin", "include"):
        return f"a Python environment; {FULL}"
    return ""
