"""Who reads a file with references: a reference may stand only where `dockhygiene run` is known to start the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from checks.files.reading import NotRead, read_file

MOST_BYTES = 1 << 18
MOST_FILES = 40
_UP = 5
"""Folders above the file in which a launcher is looked for, at most to the repository's top."""

_LAUNCHERS = (
    "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "Taskfile.yml", "Taskfile.yaml", "Procfile",
    "package.json", "mise.toml", ".mise.toml", "*.sh", "*.service",
)  # fmt: skip
_COMPOSE = ("compose*.yml", "compose*.yaml", "docker-compose*.yml", "docker-compose*.yaml")
_RUN = re.compile(r"^[^#\n]*\bdockhygiene[ \t]+run[ \t][^\n]*", re.MULTILINE)
_ENV_FILE = re.compile(r"^([ \t]*)env_file[ \t]*:([^\n]*(?:\n\1[ \t]*[-\t ][^\n]*)*)", re.MULTILINE)


def launcher(path: Path) -> str:
    """The file that starts what reads `path` through `dockhygiene run`, or an empty text: nothing is known then.

    Its line names the file, or is in the same folder and names a compose command for a compose file.
    """
    for folder in (path.parent, *path.parent.parents[:_UP]):
        for found in _files(folder, _LAUNCHERS):
            if any(_starts(line[0], path, folder) for line in _RUN.finditer(_text(found))):
                return str(found)
        if (folder / ".git").exists():
            break
    return ""


def _starts(line: str, path: Path, folder: Path) -> bool:
    words = re.split(r"[\s\"'=]+", line)
    named = path.relative_to(folder).as_posix()
    if any(word.removeprefix("./") == named for word in words):
        return True
    return folder == path.parent and path.suffix in (".yml", ".yaml") and "compose" in line


def handed_on(path: Path) -> str:
    """The compose file beside it that gives this very file to a container (`env_file:`), or an empty text."""
    name = re.compile(rf"(?<![\w.-]){re.escape(path.name)}(?![\w.-])")
    for found in _files(path.parent, _COMPOSE):
        if any(name.search(block[2]) for block in _ENV_FILE.finditer(_text(found))):
            return str(found)
    return ""


def _files(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    try:
        found = sorted({one for pattern in patterns for one in folder.glob(pattern)})
    except OSError:
        return
    yield from found[:MOST_FILES]


def _text(path: Path) -> str:
    try:
        return read_file(path, MOST_BYTES).data.decode("utf-8", "replace")
    except NotRead:
        return ""
