"""The real command, run as one person on a clean workstation runs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.end_to_end.warm import warm_command

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
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(stdin.encode("utf-8", "surrogateescape"))
        given.seek(0)
        code = warm_command().run(args, environment(home, path, env), cwd or home, (given, out, err), seconds)
        return subprocess.CompletedProcess([PROGRAM, *args], code, _text(out), _text(err))


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Everything that it printed, for failure messages."""
    return f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
