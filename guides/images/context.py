"""The folder that a build is given: its context, from which COPY takes files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks import environment_files, source_text
from checks.by_name import checks_for
from checks.files.walk import Folder, walk_folders
from checks.model.finding import Finding
from checks.model.workstation import Workstation
from checks.tool_files.places import tool_of
from checks.trees.left_out import third_party
from guides.images.copies import copy_of
from guides.images.secret_files import known_file
from guides.images.stages import Stages, read_stages

_MOST_ABOVE = 4
"""Folders above a Dockerfile in which its build context is looked for: `docker build -f deploy/Dockerfile .`."""


def context_of(dockerfile: Path, text: str) -> Path:
    """The folder that the build gets: the Dockerfile's own, or one above where only there all is that it copies."""
    sources = [source for line in read_stages(text).lines if (copy := copy_of(line)) for source, _, _ in copy.sources]
    named = [one for one in sources if not one.startswith(("http", "$", "git@")) and "*" not in one]
    for folder in (dockerfile.parent, *list(dockerfile.parents)[1:_MOST_ABOVE]):
        if all((folder / one.lstrip("/")).exists() for one in named):
            return folder
        if (folder / ".git").exists():
            break
    return dockerfile.parent


def copies_folders(stages: Stages, context: Path) -> bool:
    """Whether a COPY takes whole folders, and with them files that nobody names."""
    sources = [source for line in stages.lines if (copy := copy_of(line)) for source, _, _ in copy.sources]
    return any(one.endswith("*") or (context / one.lstrip("/")).is_dir() for one in sources)


def login_files(workstation: Workstation, context: Path) -> Iterator[str]:
    """Files of the context that are there for a login, and hold one: paths relative to it, with `/`."""
    for folder in walk_folders(workstation, str(context), third_party):
        for entry in folder.files if isinstance(folder, Folder) else ():
            path = Path(entry.path)
            if _is_for_logins(path) and _holds_secret(workstation, path):
                yield path.relative_to(context).as_posix()


def _is_for_logins(path: Path) -> bool:
    return bool(known_file(str(path)) or tool_of(path) or environment_files.claims(path))


def _holds_secret(workstation: Workstation, path: Path) -> bool:
    checks = [one for one in checks_for(str(path)) if one is not source_text and one.claims(path)]
    seen = (one for check in checks for one in check.read(workstation, path))
    return any(isinstance(one, Finding) and one.secret for one in seen)
