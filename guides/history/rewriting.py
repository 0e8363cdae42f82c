"""Rewriting our clone by git-filter-repo, in a process of its own that gets the secret through a pipe.

What git-filter-repo writes beside the objects (its documentation, "filter-repo/" in the git folder): `commit-map`,
`ref-map`, `first-changed-commits`, `orphaned_lfs_objects`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from checks.git.runner import end
from guides.history import filtering
from guides.history.filtering import NAME_MARK, Replacement, replaced
from guides.history.git import ENVIRONMENT, LONGEST, Clone, clause
from guides.history.objects import references
from guides.history.spellings import found_in
from guides.history.trouble import CleaningFailed

MODULE = "git_filter_repo"
NOTES = "filter-repo"
_SAID = 4096


def is_installed() -> bool:
    return importlib.util.find_spec(MODULE) is not None


def rewrite(clone: Clone) -> Mapping[bytes, bytes]:
    """Takes the secret out of everything; new names of references by old. Raises CleaningFailed, GitError."""
    renamed = _renamed(clone)
    _filter(clone, renamed)
    if renamed:
        lines = b"".join(b"delete %s\n" % name for name in renamed)
        clone.run("update-ref", "--no-deref", "--stdin", stdin=lines)
    for path in (clone.folder / NOTES).iterdir():
        _clean_note(path, clone)
    clone.run("gc", "--quiet", "--prune=now")
    return renamed


def _renamed(clone: Clone) -> dict[bytes, bytes]:
    """A new name for every reference whose name holds the secret, none of them twice."""
    names = references(clone.reading)
    new: dict[bytes, bytes] = {}
    for name in names:
        if found_in(name, clone.spellings):
            plain = replaced(name, _replacements(clone), NAME_MARK)
            taken = {*names, *new.values()}
            free = (plain + ending for ending in (b"", *(b"-%d" % number for number in range(2, len(taken) + 3))))
            new[name] = next(one for one in free if one not in taken)
    return new


def _replacements(clone: Clone) -> list[Replacement]:
    return [Replacement.of(one.find, one.wide, *one.edges) for one in clone.spellings]


def _filter(clone: Clone, renamed: Mapping[bytes, bytes]) -> None:
    order = {
        "spellings": [
            {"find": one.find.hex(), "wide": one.wide, "before": one.edges[0], "behind": one.edges[1]}
            for one in clone.spellings
        ],
        "references": {old.hex(): new.hex() for old, new in renamed.items()},
    }
    spec = importlib.util.find_spec(MODULE)
    if spec is None or not spec.origin:
        raise CleaningFailed("git-filter-repo is not installed here", "pip install git-filter-repo beside dockhygiene")
    command = [sys.executable, "-I", filtering.__file__, str(Path(spec.origin).parent)]
    path = os.pathsep.join((os.path.dirname(clone.program), os.defpath))  # noqa: PTH120
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            cwd=clone.folder,
            env={**ENVIRONMENT, "PATH": path},
            start_new_session=True,
        )
        try:
            process.communicate(json.dumps(order).encode(), LONGEST)
        except subprocess.TimeoutExpired:
            raise CleaningFailed("git-filter-repo did not end and was ended") from None
        finally:
            end(process)
        if process.returncode:
            said.seek(-min(_SAID, said.seek(0, os.SEEK_END)), os.SEEK_END)
            raise CleaningFailed(f"git-filter-repo stopped{clause(said.read(), clone.spellings)}")


def _clean_note(path: Path, clone: Clone) -> None:
    """Old names of references stand in git-filter-repo's own lists."""
    data = path.read_bytes()
    clean = replaced(data, _replacements(clone), NAME_MARK)
    if clean != data:
        path.write_bytes(clean)


def note_lines(folder: Path, name: str) -> list[str]:
    """The lines of one of git-filter-repo's lists, without its heading."""
    try:
        text = (folder / NOTES / name).read_bytes()
    except FileNotFoundError:
        return []
    lines = [os.fsdecode(line) for line in text.splitlines()]
    return [line for line in lines if re.match(r"[0-9a-f]{40}|sha256:", line)]


def as_pairs(lines: Iterable[str]) -> list[tuple[str, str]]:
    return [(old, new) for old, _, new in (line.partition(" ") for line in lines)]
