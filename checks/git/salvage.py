"""What can still be read of a damaged repository: its objects, without its HEAD, settings, references and index.

git reads them through a git folder of our own, with a link to each file that holds objects, for as long as it is
needed. Layout: gitrepository-layout(5).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.git_config import git_settings
from checks.git.repository import CHECK, Repository
from checks.git.runner import Git, GitError, GitSilent
from checks.git.stored import entries, loose_files, says_sha256, stores
from checks.model.finding import Skipped

_MOST_INCLUDES = 50
_SMALL = 1 << 20
_READ = "its objects were read all the same, without what branches, tags and the index lead to"


@contextmanager
def readable(git: Git, repository: Repository) -> Iterator[tuple[Git, Repository, Skipped | None]]:
    """The same, where git can read it. Where not, its objects alone and what is to be said of it. Raises GitSilent."""
    trouble = _obstacle(repository.folder) or _complaint(git)
    if not trouble:
        yield git, repository, None
        return
    import tempfile  # it imports much that hooks need not wait for

    with tempfile.TemporaryDirectory(prefix="dockhygiene-") as made:
        folder = Path(made).resolve()
        told = Skipped(CHECK, repository.shown, f"damaged, or not as git leaves it: {trouble}; {_READ}")
        try:
            _build(folder, repository.folder)
        except OSError as error:
            told = replace(told, reason=f"damaged, or not as git leaves it: {trouble}; {error.strerror}")
        yield replace(git, folder=folder), repository._replace(folder=folder, heads=()), told


def _complaint(git: Git) -> str:
    """Why git takes it for no repository: its HEAD or its settings say nothing that git understands."""
    try:
        said = git.read("rev-parse", "--git-dir", limit=_SMALL)
    except GitSilent:
        raise
    except GitError as error:
        return str(error)
    return "" if said.removesuffix(b"\n") == os.fsencode(git.folder) else "git does not answer what it is asked"


def _obstacle(folder: Path) -> str:
    """What git would open and wait for: a named pipe in place of a file, for example."""
    for root in (folder, *stores(folder / "objects")[1:]):
        for path in _specials(root):
            return f"{_shown(path, folder)} is no regular file"
    for path in _included(folder):
        if _special(path):
            return "its settings include what is no regular file"
    return ""


def _specials(root: Path) -> Iterator[Path]:
    """Below this folder, through links to files but not to folders."""
    waiting = [str(root)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif not entry.is_file(follow_symlinks=False) and _special(Path(entry.path)):
                        yield Path(entry.path)
        except OSError:
            continue  # git cannot read it either


def _special(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _shown(path: Path, folder: Path) -> str:
    name = str(path.relative_to(folder)) if path.is_relative_to(folder) else "a file of the objects that it borrows"
    return "".join(char if char.isprintable() else "?" for char in name)[:200]


def _included(folder: Path) -> list[Path]:
    """Files that the settings include, from one another; git-config(1), "Includes"."""
    waiting = [folder / "config", folder / "config.worktree"]
    found: list[Path] = []
    while waiting and len(found) < _MOST_INCLUDES:
        file = waiting.pop()
        try:
            text = read_file(file, _SMALL).data.decode("utf-8", "replace")
        except NotRead:
            continue
        for one in git_settings(text):
            if one.section in ("include", "includeif") and one.name == "path" and one.value:
                path = file.parent / one.value.text
                if path not in found:
                    found.append(path)
                    waiting.append(path)
    return found


def _build(made: Path, damaged: Path) -> None:
    """The git folder of our own."""
    (made / "refs").mkdir()
    (made / "objects" / "pack").mkdir(parents=True)
    (made / "HEAD").write_text("ref: refs/heads/none\n")
    for store in stores(damaged / "objects"):
        _link_loose(store, made / "objects")
        _link_packs(store / "pack", made / "objects" / "pack")
    sha256 = any(len(path.name) == 62 for path in (made / "objects").glob("??/*")) or says_sha256(damaged)
    (made / "config").write_text(
        "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n"
        if sha256
        else "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
    )


def _link_loose(store: Path, objects: Path) -> None:
    for entry in loose_files(store):
        target = objects / Path(entry.path).parent.name
        target.mkdir(exist_ok=True)
        _link(target / entry.name, entry.path)


def _link_packs(packs: Path, target: Path) -> None:
    files = {entry.name: entry.path for entry in entries(packs) if entry.is_file()}
    for name, path in files.items():
        index = name.removesuffix(".pack") + ".idx"
        if name.endswith(".pack") and index in files:
            _link(target / name, path)
            _link(target / index, files[index])


def _link(link: Path, target: str) -> None:
    if not os.path.lexists(link):  # the same object in two folders
        link.symlink_to(os.path.realpath(target))
