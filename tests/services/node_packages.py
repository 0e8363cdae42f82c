"""Packages from npm, installed once for all test runs of this user; other workers wait for the one that installs."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.services.require import missing, require

PATIENCE = 100
"""Seconds for npm."""


def node_modules(*packages: str) -> Path:
    """The folder `node_modules` with these packages, given as NAME@VERSION. Skips the test where it cannot be had."""
    folder, refusal = _installed(require("npm", "npm"), packages)
    if refusal:
        missing(refusal)
    return folder / "node_modules"


@cache
def _installed(npm: str, packages: tuple[str, ...]) -> tuple[Path, str]:
    """The folder, and why it is not there: tried once, since npm tries for long."""
    name = hashlib.sha256("\n".join(packages).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir(), f"dockhygiene-npm-{name}-{os.geteuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        return folder, f"{folder} belongs to somebody else"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            if refusal := _install(npm, folder, packages):
                return folder, refusal
            (folder / "complete").touch()
    return folder, ""


def _install(npm: str, folder: Path, packages: tuple[str, ...]) -> str:
    """Returns why they could not be installed, or an empty text."""
    arguments = ["install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    try:
        done = subprocess.run(
            [npm, *arguments, *packages], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return f"npm did not install {', '.join(packages)} in {PATIENCE} seconds"
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("npm error code")]
        return f"npm cannot install {', '.join(packages)}: {said[0] if said else 'no reason given'}"
    return ""
