"""Private keys of docker: whoever reads a client key is root on the daemon's machine."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from checks.files.walk import NotWalked, walk
from checks.model.finding import Observation, Skipped
from checks.model.workstation import Workstation
from checks.posture.permissions import key_findings
from checks.posture.weakness import CHECK

MOST_FILES = 10_000
"""Files looked at below one folder."""
_DEEPEST = 6
_TREES = {("contexts", "tls"): "key.pem", ("machine",): "*key*.pem", ("trust", "private"): "*.key"}


def tls_key_findings(workstation: Workstation) -> Iterator[Observation]:
    folders = [workstation.docker_folder]
    if named := workstation.environment.get("DOCKER_CERT_PATH"):
        folders.append(Path(named))
    seen: set[str] = set()
    for folder in folders:
        real = os.path.realpath(folder)
        if real not in seen:
            seen.add(real)
            yield from key_findings(workstation, folder / "key.pem")
    for parts, pattern in _TREES.items():
        yield from _tree(workstation, workstation.docker_folder.joinpath(*parts), pattern)


def is_key(path: Path) -> bool:
    """Whether this is one of docker's private keys, by its name and the folders around it."""
    parts = path.parts
    if ".docker" not in parts:
        return False
    below = parts[len(parts) - parts[::-1].index(".docker") :]
    if below == ("key.pem",):
        return True
    return any(
        below[: len(tree)] == tree and fnmatch.fnmatchcase(path.name, pattern) for tree, pattern in _TREES.items()
    )


def _tree(workstation: Workstation, top: Path, pattern: str) -> Iterator[Observation]:
    if not top.is_dir():
        return
    shallow = replace(workstation, limits=replace(workstation.limits, depth=_DEEPEST))
    files = walk(shallow, top)
    for found in islice(files, MOST_FILES):
        if isinstance(found, NotWalked):
            yield Skipped(CHECK, found.path, found.reason)
        elif fnmatch.fnmatchcase(found.name, pattern):
            yield from key_findings(workstation, found)
    if next(files, None) is not None:
        yield Skipped(CHECK, str(top), f"more than {MOST_FILES:,} files")
