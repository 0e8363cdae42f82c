"""`.dockerignore`: what of a build context is copied, and the edit that keeps files with secrets out of it.

Rules as in Docker's "Build context" (`.dockerignore` files): a pattern starts at the context's root, `**` is any number
of folders, the last line that matches decides, `!` takes a file in again; `NAME.dockerignore` beside a Dockerfile of
that name stands before the context's own file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checks import source_text
from checks.files.reading import NotRead
from checks.formats.display import shell_path
from checks.ignore.globs import Glob, GlobError, compile_glob
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.edits.added_lines import opened, plan_added
from guides.edits.atomic import Target
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.file_text import NotText
from guides.edits.json_text import line_ending

NAME = ".dockerignore"
_COMMENT = "# Logins: the build gets them by --secret, and no COPY takes them into an image."
_SAFE = re.compile(r"[\w.@+ -][\w./@+ -]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The lines of a file, each with whether it takes a file in again."""

    lines: tuple[tuple[Glob, bool], ...]

    def ignores(self, path: str) -> bool:
        """`path` is relative to the context."""
        found = [again for glob, again in self.lines if glob.matches(path)]
        return bool(found) and not found[-1]


def patterns_of(text: str) -> Patterns:
    lines = []
    for line in text.splitlines():
        pattern = line.strip()
        if not pattern or line.startswith("#"):
            continue
        again = pattern.startswith("!")
        try:
            lines.append((compile_glob("/" + pattern.removeprefix("!").strip().lstrip("/")), again))
        except GlobError:
            continue  # docker refuses such a file, or the pattern fits nothing
    return Patterns(tuple(lines))


def ignore_file(dockerfile: Path, context: Path) -> Path:
    """The file that counts for this Dockerfile; it need not be there."""
    own = dockerfile.with_name(f"{dockerfile.name}{NAME}")
    return own if own.is_file() else context / NAME


def not_ignored(path: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Those of these paths that the file does not keep out. Raises NotRead, but not for a file that is not there."""
    text, _ = opened(path)
    patterns = patterns_of(text)
    return tuple(name for name in dict.fromkeys(names) if not patterns.ignores(name))


def plan_ignore(workstation: Workstation, path: Path, names: Sequence[str], old: Secret) -> ValueEdit | ToDo | None:
    """The edit that adds these paths, or makes the file; None where nothing is to be added."""
    try:
        missing = not_ignored(path, names)
        text, data = opened(path)
    except (NotRead, NotText) as error:
        reason = error.reason if isinstance(error, NotRead) else str(error)
        return ToDo(str(path), None, reason, f"Add these lines to it by hand: {', '.join(names)}.")
    if not missing:
        return None
    if odd := [name for name in missing if not _SAFE.fullmatch(name)]:
        how = f"Add {len(odd)} of them to {shell_path(path, workstation.home)} by hand, a backslash before such signs."
        return ToDo(str(path), None, "a name has characters that mean something else in a pattern", how)
    ending = line_ending(text)
    added = ending.join((_COMMENT, *missing)) + ending
    if data is not None and (refused := Target.of(path).refusal()):
        return ToDo(str(path), None, refused, f"Add these lines to it by hand: {', '.join(missing)}.")
    return plan_added(workstation, path, data, added, Way.MOUNT, source_text, old)
