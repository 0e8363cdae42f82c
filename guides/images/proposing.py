"""What is proposed for the `.dockerignore` of a build, given its Dockerfile and what its image told."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.encodings import text_of
from checks.model.secret import Secret
from checks.model.workstation import MEBIBYTE, Workstation
from guides.edits.edit import ToDo, ValueEdit
from guides.images.context import context_of, copies_folders, login_files
from guides.images.copies import brought, copy_of
from guides.images.ignoring import ignore_file, plan_ignore
from guides.images.stages import read_stages
from guides.images.told import Told


def propose_ignore(workstation: Workstation, dockerfile: Path, old: Secret, told: Told) -> ValueEdit | ToDo | None:
    """This secret's files must not be copied; where whole folders are, no file must be that is there for a login."""
    text = _text(dockerfile)
    context = context_of(dockerfile, text)
    names = dict.fromkeys(_ignored(text, context, told))
    if copies_folders(read_stages(text), context):
        names |= dict.fromkeys(login_files(workstation, context))
    return plan_ignore(workstation, ignore_file(dockerfile, context), tuple(names), old) if names else None


def _ignored(text: str, context: Path, told: Told) -> Iterator[str]:
    """Paths of the context that must not be copied: what this Dockerfile copies, and what lies there by that name."""
    stages = read_stages(text)
    for path in told.files:
        for line in stages.lines:
            if copy := copy_of(line):
                yield from (one.inside for one in brought(copy, path, context))
        if (context / posixpath.basename(path)).is_file():
            yield posixpath.basename(path)


def _text(dockerfile: Path) -> str:
    try:
        return text_of(read_file(dockerfile, MEBIBYTE).data)
    except NotRead:
        return ""
