"""Where a work tree comes from, read from git's own file as text: the page of its settings is made of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from checks import late
from checks.files.reading import NotRead, read_file
from checks.formats.encodings import text_of
from checks.formats.git_config import git_settings
from checks.model.workstation import MEBIBYTE

_URL = late.compile(
    r"(?:ssh|git|https?|git\+ssh)://(?:[^/@\s]*+@)?(?P<host>[\w.-]{1,200}+)(?::\d{1,5})?/(?P<path>[^?#\s]{1,300}+)"
)
_SCP = late.compile(r"(?:[\w.-]{1,100}+@)?(?P<host>[\w.-]{1,200}+):(?!//)(?P<path>[^?#\s:]{1,300}+)")
_SAFE = late.compile(r"[\w.~/-]{1,300}")


class Remote(NamedTuple):
    """Host and path of `origin`, or of the first remote there is: github.com and acme/shop."""

    host: str
    path: str

    @property
    def owner(self) -> str:
        return self.path.partition("/")[0]


def remote_of(work_tree: Path) -> Remote | None:
    """The remote of the repository that this folder is; None where there is none, or it cannot be read."""
    config = _config(work_tree / ".git")
    text = _text(config) if config else ""
    first = None
    for one in git_settings(text):
        if one.section != "remote" or one.name != "url" or not one.value:
            continue
        found = parse_remote(one.value.text)
        if found and one.subsection and one.subsection.text == "origin":
            return found
        first = first or found
    return first


def parse_remote(url: str) -> Remote | None:
    """Host and path of an address in one of git's two spellings, whoever logs in to it left out."""
    match = _URL.fullmatch(url.strip()) or _SCP.fullmatch(url.strip())
    if not match:
        return None
    path = match["path"].strip("/").removesuffix(".git")
    return Remote(match["host"].lower(), path) if "/" in path and _SAFE.fullmatch(path) else None


def _config(git: Path) -> Path | None:
    """git's config; of a linked work tree and of a submodule it lies elsewhere, in a folder within another `.git`."""
    if git.is_dir():
        return git / "config"
    match = re.match(r"gitdir:\s*(?P<folder>\S[^\n]*)", _text(git))
    folder = git.parent / match["folder"].strip() if match else None
    if not folder or ".git" not in folder.parts:
        return None
    if folder.parent.name == "worktrees":
        return folder.parent.parent / "config"
    return folder / "config"


def _text(path: Path) -> str:
    try:
        return text_of(read_file(path, MEBIBYTE).data)
    except NotRead:
        return ""
