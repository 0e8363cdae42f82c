"""Which folders of PATH a program may be started from: only those that nobody but root and this user can change."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

if sys.platform != "win32":
    import grp
    import pwd


def path_entries(environ: Mapping[str, str]) -> Iterator[str]:
    """The entries of PATH as they stand, an empty one included."""
    value = environ.get("PATH", "")
    if value:
        yield from value.split(os.pathsep)


def safe_entries(environ: Mapping[str, str]) -> Iterator[Path]:
    """The folders of PATH that exist and that others cannot change."""
    for entry in path_entries(environ):
        if unsafe_entry(entry) is None and Path(entry).is_dir():
            yield Path(entry)


def unsafe_entry(entry: str) -> str | None:
    """Why this PATH entry is refused, or None. A folder that does not exist is refused only when its text is."""
    if not entry:
        return "it is empty, which means the current folder"
    if not os.path.isabs(entry):  # noqa: PTH117  Path("") would already be "."
        return "it is relative to the current folder"
    return unsafe_chain(Path(entry))


def unsafe_program(program: Path) -> str | None:
    """Why this program file is refused, or None: the file, what it links to, and every folder on the way."""
    try:
        target = program.resolve(strict=True)
        info = target.stat()
    except OSError as error:
        return f"it cannot be looked at ({error.strerror})"
    if not stat.S_ISREG(info.st_mode):
        return "it is not a regular file"
    return _changeable(target, info) or unsafe_chain(target.parent) or unsafe_chain(program.parent)


def unsafe_chain(folder: Path) -> str | None:
    """Why others can swap what lies in this folder, or None; whoever may rename a parent may do that too."""
    if sys.platform == "win32":
        return None  # access lists are not read here: Windows is labelled "not run"
    try:
        folder = folder.resolve()
        for part in (folder, *folder.parents):
            if not part.exists():
                continue
            info = part.stat()
            if part != folder and info.st_mode & stat.S_ISVTX and info.st_uid in _trusted():
                continue  # in a sticky folder only its owner can rename what it holds
            if reason := _changeable(part, info):
                return reason
    except OSError as error:
        return f"it cannot be looked at ({error.strerror})"
    return None


def _trusted() -> frozenset[int]:
    return frozenset({0, os.geteuid()})


def _changeable(path: Path, info: os.stat_result) -> str | None:
    """Why somebody other than root and this user can change it, or None."""
    if sys.platform == "win32":
        return None
    if info.st_uid not in _trusted():
        return f"{path} belongs to another user"
    if info.st_mode & stat.S_IWOTH:
        return f"{path} can be changed by everybody"
    if info.st_mode & stat.S_IWGRP and _has_other_members(info.st_gid):
        return f"{path} can be changed by other members of its group"
    return None


def _has_other_members(gid: int) -> bool:
    """Whether a user other than root and this one is in the group, by the group's list or as primary group."""
    if sys.platform == "win32":
        return False
    trusted = _trusted()
    try:
        names = grp.getgrgid(gid).gr_mem
    except KeyError:
        names = []  # a group without a name can still be somebody's primary group
    for name in names:
        try:
            if pwd.getpwnam(name).pw_uid not in trusted:
                return True
        except KeyError:
            continue  # a name without a user is nobody
    return any(user.pw_gid == gid and user.pw_uid not in trusted for user in pwd.getpwall())
