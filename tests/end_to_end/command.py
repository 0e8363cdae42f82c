"""The real command, run as one person on a clean workstation runs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROGRAM = str(Path(sys.prefix, "bin", "dockhygiene"))


def environment(home: Path, path: str | None = None, env: Mapping[str, str] | None = None) -> dict[str, str]:
    """HOME and PATH of the test alone: no bus, no agent and no variable of the person who runs the tests."""
    return {"HOME": str(home), "PATH": path or str(home / "bin"), "LC_ALL": "C.UTF-8", **(env or {})}


def dockhygiene(
    home: Path,
    *args: str,
    path: str | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    cwd: Path | None = None,
    seconds: float = 100,
) -> subprocess.CompletedProcess[str]:
    """Runs it to its end, without a terminal."""
    return subprocess.run(
        [PROGRAM, *args],
        env=environment(home, path, env),
        cwd=cwd or home,
        input=stdin,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=seconds,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Everything that it printed, for failure messages."""
    return f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
