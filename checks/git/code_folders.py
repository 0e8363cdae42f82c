"""Folders outside the home folder that hold code: `git config --global --add dockhygiene.codeFolder DIR`.

Read from git's own files of the person as text, without what they include: git-config(1), FILES.
"""

from __future__ import annotations

from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.git_config import git_settings
from checks.model.workstation import MEBIBYTE, Workstation

_SECTION, _NAME = "dockhygiene", "codefolder"


def code_folders(workstation: Workstation) -> tuple[Path, ...]:
    """Absolute, each once, as they are written; `~/` is the home folder."""
    found: dict[Path, None] = {}
    for file in _files(workstation):
        try:
            text = read_file(file, MEBIBYTE).data.decode("utf-8", "surrogateescape")
        except NotRead:
            continue
        for one in git_settings(text):
            if (one.section, one.name) == (_SECTION, _NAME) and one.value:
                path = one.value.text
                folder = workstation.home / path[2:] if path.startswith("~/") else Path(path)
                if folder.is_absolute() and "\0" not in path:
                    found[folder] = None
    return tuple(found)


def _files(workstation: Workstation) -> tuple[Path, ...]:
    named = workstation.environment.get("GIT_CONFIG_GLOBAL")
    if named is not None:
        return (Path(named),) if named.startswith("/") else ()
    return workstation.config_home / "git" / "config", workstation.home / ".gitconfig"
